"""Notices that are told to open pages, of many people at once.

They follow the live streams' events, one for nearly every text, so these are direct statements.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from database.direct import Direct
from database.queries.notices import ShownNotice
from database.queries.stream import PLACE, Place, place_of
from database.tables import Notice

SOME = b"""
    SELECT notice.id, notice.agent_id, notice.kind, notice.by_agent_id, notice.why, notice.data,
        notice.times, notice.at, notice.due_at, notice.read_at, colleague.name,
        c.id, consumer.name, consumer.number, c.skill_id, skill.name, message.text, %s, '{}'
    FROM notice
    LEFT JOIN conversation AS c
        ON c.id = notice.conversation_id AND c.account_id = notice.account_id
    LEFT JOIN queue_entry AS entry ON entry.conversation_id = c.id
    LEFT JOIN consumer ON consumer.id = c.consumer_id
    LEFT JOIN skill ON skill.id = c.skill_id
    LEFT JOIN agent AS colleague ON colleague.id = notice.by_agent_id
    LEFT JOIN message ON message.id = notice.message_id AND message.conversation_id = c.id
    WHERE notice.account_id = %%(account_id)s AND notice.id = ANY(%%(ids)s)
    ORDER BY notice.at, notice.id
""" % (PLACE,)
COLUMNS = (
    *("id", "agent_id", "kind", "by_agent_id", "why", "data", "times"),
    *("at", "due_at", "read_at"),
)
SHOWN = len(COLUMNS) + 7
"""Where the columns of the place begin."""
UNREAD = b"""
    SELECT who.agent_id, preference.chosen, unread.kind, unread.count
    FROM unnest(CAST(%(agents)s AS text[])) AS who (agent_id)
    LEFT JOIN notice_preference AS preference ON preference.agent_id = who.agent_id
    LEFT JOIN LATERAL (
        SELECT kind, count(*) FROM notice
        WHERE notice.agent_id = who.agent_id AND read_at IS NULL GROUP BY kind
    ) AS unread ON true
"""


@dataclass(frozen=True)
class PlacedNotice:
    """A notice with all that anybody may see of it, and where its conversation is now."""

    shown: ShownNotice
    place: Place | None


@dataclass(frozen=True)
class Unread:
    """A person's unread notices by their kinds, and what they chose otherwise than the defaults."""

    by_kind: Mapping[str, int]
    chosen: Mapping[str, Mapping[str, bool]]


async def some(
    direct: Direct, account_id: str, ids: Collection[int]
) -> Mapping[str, Sequence[PlacedNotice]]:
    """Return some of an account's notices by their people, oldest first. Raises `psycopg.Error`."""
    found: dict[str, list[PlacedNotice]] = {}
    values = {"account_id": account_id, "ids": list(ids)}
    for row in await direct.fetch_all(SOME, values):
        notice = Notice(account_id=account_id, **dict(zip(COLUMNS, row, strict=False)))
        by, conversation_id, *rest = row[len(COLUMNS) : SHOWN]
        place = place_of(row[SHOWN:], frozenset()) if conversation_id else None
        shown = ShownNotice(notice, by, conversation_id, *rest)
        found.setdefault(notice.agent_id, []).append(PlacedNotice(shown, place))
    return found


async def unread(direct: Direct, agent_ids: Collection[str]) -> Mapping[str, Unread]:
    """Return what some people have not read. Raises `psycopg.Error`."""
    counts: dict[str, dict[str, int]] = {agent_id: {} for agent_id in agent_ids}
    chosen = {}
    for agent_id, own, kind, count in await direct.fetch_all(UNREAD, {"agents": list(agent_ids)}):
        chosen[agent_id] = own or {}
        if kind is not None:
            counts[agent_id][kind] = count
    return {one: Unread(counts[one], chosen.get(one, {})) for one in agent_ids}
