"""The live stream: an account's events in order, and who has to do with their conversations.

One reader in each process runs these for all streams of an account, so they are direct statements.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from database.direct import Direct
from database.tables import Event
from domain.conversation.kinds import EventKind, Status

QUEUE_KINDS = frozenset(
    {
        EventKind.conversation_queued,
        EventKind.conversation_assigned,
        EventKind.conversation_transferred,
        EventKind.conversation_returned,
        EventKind.conversation_closed,
        EventKind.given_to_bot,
    }
)
"""Kinds of events that take a waiting conversation off the lists of other agents."""

PLACE = b"""
    c.status, c.agent_id, c.skill_id, c.offered_agent_id, entry.requested_agent_id,
    ARRAY(
        SELECT agent_id FROM participation WHERE conversation_id = c.id
        UNION SELECT agent_id FROM mention WHERE conversation_id = c.id
    )
"""
# All the skills it ever waited for are looked up only where an event may have ended such a wait.
AFTER = b"""
    WITH new AS MATERIALIZED (
        SELECT id, conversation_id, agent_id, kind, data, command_key, at FROM event
        WHERE account_id = %%(account_id)s AND id > %%(after)s ORDER BY id LIMIT %%(limit)s
    )
    SELECT new.*, %s, CASE WHEN new.kind = ANY(%%(moving)s) THEN ARRAY(
            SELECT data->>'skill_id' FROM event
            WHERE conversation_id = c.id AND kind = %%(queued)s AND data->>'skill_id' IS NOT NULL
        ) ELSE '{}' END
    FROM new
    LEFT JOIN conversation AS c ON c.id = new.conversation_id AND c.account_id = %%(account_id)s
    LEFT JOIN queue_entry AS entry ON entry.conversation_id = c.id
    ORDER BY new.id
""" % (PLACE,)
PLACES = b"""
    SELECT c.id, %s, '{}'
    FROM conversation AS c LEFT JOIN queue_entry AS entry ON entry.conversation_id = c.id
    WHERE c.account_id = %%(account_id)s AND c.id = ANY(%%(ids)s)
""" % (PLACE,)
NEWEST = b"SELECT coalesce(max(id), 0) FROM event WHERE account_id = %(account_id)s"
GAP = b"""
    SELECT count(*) FROM (
        SELECT FROM event WHERE account_id = %(account_id)s AND id > %(after)s LIMIT %(most)s
    ) AS missed
"""


@dataclass(frozen=True)
class Place:
    """Where a conversation is now, and who may therefore see it.

    `agents`: who takes or took part, whom its notes mention, and whom it is offered to. `skill_id`:
    what it waits for, None if it does not wait. `requested`: the one agent it waits for.
    `waited_for`: skills it waited for at any time. `its_skill`: the one it has, whether it waits or
    not. `holders`: who has it, and to whom it is offered or transferred.
    """

    agents: frozenset[str]
    skill_id: str | None
    requested: str | None
    waited_for: frozenset[str]
    its_skill: str | None
    holders: frozenset[str]


@dataclass(frozen=True)
class Batch:
    """Events of an account in order, the places of their conversations, and the last id read."""

    account_id: str
    events: Sequence[Event]
    places: Mapping[UUID, Place]
    last_id: int
    is_full: bool

    def place(self, event: Event) -> Place | None:
        """Return the place of an event's conversation, None for an event of no conversation."""
        return self.places.get(event.conversation_id) if event.conversation_id else None


async def read(direct: Direct, account_id: str, after: int, *, limit: int = 200) -> Batch:
    """Return the next events of an account after an id. Raises `psycopg.Error`."""
    values: Mapping[str, object] = {
        "account_id": account_id,
        "after": after,
        "limit": limit,
        "moving": [str(kind) for kind in QUEUE_KINDS],
        "queued": str(EventKind.conversation_queued),
    }
    rows = await direct.fetch_all(AFTER, values)
    events: list[Event] = []
    places: dict[UUID, Place] = {}
    for event_id, conversation_id, agent_id, kind, data, command_key, at, *place in rows:
        event = Event(
            id=event_id,
            account_id=account_id,
            conversation_id=conversation_id,
            agent_id=agent_id,
            kind=kind,
            data=data,
            command_key=command_key,
            at=at,
        )
        events.append(event)
        if place[0] is not None:
            known = places.get(conversation_id)
            places[conversation_id] = place_of(place, known.waited_for if known else frozenset())
    last_id = events[-1].id if events else after
    return Batch(account_id, events, places, last_id, is_full=len(events) == limit)


def place_of(columns: Sequence[Any], waited_for: frozenset[str]) -> Place:
    """Return the place that the columns of `PLACE` describe, and an array of skills after them."""
    status, agent_id, skill_id, offered, requested, took_part, waited = columns
    waits = status == Status.waiting
    return Place(
        agents=frozenset(one for one in (agent_id, offered, *took_part) if one),
        skill_id=skill_id if waits else None,
        requested=requested if waits else None,
        waited_for=waited_for | frozenset(waited),
        its_skill=skill_id,
        holders=frozenset(one for one in (agent_id, offered, requested) if one),
    )


async def places(
    direct: Direct, account_id: str, conversation_ids: Collection[UUID]
) -> Mapping[UUID, Place]:
    """Return the present places of some conversations. Raises `psycopg.Error`."""
    values = {"account_id": account_id, "ids": list(conversation_ids)}
    rows = await direct.fetch_all(PLACES, values)
    return {row[0]: place_of(row[1:], frozenset()) for row in rows}


async def newest(direct: Direct, account_id: str) -> int:
    """Return the id of an account's newest event, 0 when there is none."""
    row = await direct.fetch_one(NEWEST, {"account_id": account_id})
    return int(row[0]) if row else 0


async def gap(direct: Direct, account_id: str, after: int, *, most: int) -> int:
    """Return how many events an account has after an id, counting to `most`."""
    row = await direct.fetch_one(GAP, {"account_id": account_id, "after": after, "most": most})
    return int(row[0]) if row else 0
