"""The live stream: an account's events in order, limited to those a viewer may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from database.queries import events
from database.queries.visibility import Viewer, visible
from database.tables import AgentSkill, Conversation, Event
from domain.conversation.kinds import EventKind

QUEUE_KINDS = (
    EventKind.conversation_queued,
    EventKind.conversation_assigned,
    EventKind.conversation_transferred,
    EventKind.conversation_returned,
    EventKind.conversation_closed,
    EventKind.given_to_bot,
)
"""Kinds of events that take a waiting conversation off the lists of other agents."""
CONNECTOR_KINDS = (EventKind.connector_paused, EventKind.connector_resumed)
"""Kinds of events for managers, which belong to no conversation."""


@dataclass(frozen=True)
class Batch:
    """Events for a viewer, and the last id that was read, including other viewers' events."""

    events: Sequence[Event]
    last_id: int
    is_full: bool
    is_rewound: bool = False
    """The database was restored to an earlier time, so some events read before no longer exist."""


async def read(session: AsyncSession, viewer: Viewer, after: int, *, limit: int = 200) -> Batch:
    """Return the next events after an id that a viewer may see."""
    every = await events.after(session, viewer.account_id, after, limit=limit)
    if not every:
        return await _behind(session, viewer.account_id, after)
    last_id, is_full = every[-1].id, len(every) == limit
    if viewer.sees_all:
        return Batch(every, last_id, is_full)
    query = (
        select(Event)
        .outerjoin(Conversation, Conversation.id == Event.conversation_id)
        .where(Event.id.in_([event.id for event in every]), _followed(viewer))
        .order_by(Event.id)
    )
    return Batch((await session.scalars(query)).all(), last_id, is_full)


async def _behind(session: AsyncSession, account_id: str, after: int) -> Batch:
    """Return an empty batch, rewound when the id is newer than every event.

    Waiting for ids to reach it would skip all events until then.
    """
    newest = await events.latest_id(session, account_id)
    return Batch([], min(newest, after), is_full=False, is_rewound=newest < after)


def _followed(viewer: Viewer) -> ColumnElement[bool]:
    wait, skill = aliased(Event), aliased(AgentSkill)
    waited_in_own_skill = exists().where(
        wait.conversation_id == Event.conversation_id,
        wait.kind == str(EventKind.conversation_queued),
        skill.skill_id == wait.data["skill_id"].astext,
        skill.agent_id == viewer.agent_id,
    )
    kinds = Event.kind.in_([str(kind) for kind in QUEUE_KINDS])
    return or_(
        visible(viewer),
        kinds & waited_in_own_skill,
        # The agent's page must stop ringing although they may not see the conversation any more.
        (Event.kind == str(EventKind.offer_ended)) & (Event.agent_id == viewer.agent_id),
        Event.kind == str(EventKind.agent_state),
        Event.kind.in_([str(kind) for kind in CONNECTOR_KINDS]) if viewer.sees_all else false(),
    )
