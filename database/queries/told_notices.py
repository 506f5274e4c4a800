"""Notices that are told to open pages, of many people at once.

They follow the live streams' events, one for nearly every text, so these are direct statements.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from database.direct import Direct
from database.queries.notices import ShownNotice
from database.queries.stream import PLACE, Place, place_of
from database.tables import Notice

# Everybody is told how much they have not read with each notice, so it is counted beside it.
SOME = b"""
    SELECT notice.id, notice.agent_id, notice.kind, notice.by_agent_id, notice.why, notice.data,
        notice.times, notice.at, notice.due_at, notice.read_at, colleague.name,
        c.id, consumer.name, consumer.number, c.skill_id, skill.name, message.text,
        preference.chosen, (
            SELECT jsonb_object_agg(counted.kind, counted.count) FROM (
                SELECT unread.kind, count(*) FROM notice AS unread
                WHERE unread.agent_id = notice.agent_id AND unread.read_at IS NULL
                GROUP BY unread.kind
            ) AS counted
        ), %s, '{}'
    FROM notice
    LEFT JOIN notice_preference AS preference ON preference.agent_id = notice.agent_id
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


@dataclass(frozen=True)
class PlacedNotice:
    """A notice with all that anybody may see of it, and where its conversation is now.

    `unread`: its person's unread notices by their kinds. `chosen`: what they chose otherwise than
    the defaults.
    """

    shown: ShownNotice
    place: Place | None
    unread: Mapping[str, int]
    chosen: Mapping[str, Mapping[str, bool]]


async def some(
    direct: Direct, account_id: str, ids: Collection[int]
) -> Mapping[str, Sequence[PlacedNotice]]:
    """Return some of an account's notices by their people, oldest first. Raises `psycopg.Error`."""
    found: dict[str, list[PlacedNotice]] = {}
    for row in await direct.fetch_all(SOME, {"account_id": account_id, "ids": list(ids)}):
        notice = Notice(account_id=account_id, **dict(zip(COLUMNS, row, strict=False)))
        by, conversation_id, name, number, skill_id, skill, text, *rest = row[len(COLUMNS) :]
        shown = ShownNotice(notice, by, conversation_id, name, number, skill_id, skill, text)
        chosen, unread, *where = rest
        place = place_of(where, frozenset()) if conversation_id else None
        placed = PlacedNotice(shown, place, unread or {}, chosen or {})
        found.setdefault(notice.agent_id, []).append(placed)
    return found
