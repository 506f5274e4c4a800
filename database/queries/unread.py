"""Who has read how far, and what is unread: `domain.conversation.unread`."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from database.queries.visibility import Viewer
from database.tables import Conversation, Message, Reading
from domain.conversation.kinds import Status
from domain.conversation.unread import BY_OTHERS, MOST_COUNTED


@dataclass(frozen=True)
class ReadTo:
    """How far a person has read a conversation: a position, and when they marked it as unread."""

    position: int = 0
    marked_at: datetime | None = None


@cache
def unread_texts() -> ColumnElement[int]:
    """Return the column of how much the agent of a conversation has not looked at."""
    newer = select(Message.id).where(_newer()).limit(MOST_COUNTED).correlate(Conversation)
    counted = select(func.count()).select_from(newer.subquery()).scalar_subquery()
    is_held = Conversation.status == str(Status.assigned)
    return case((is_held, counted), else_=0).label("unread")


def is_marked(viewer: Viewer) -> ColumnElement[bool]:
    """Return the column whether the viewer has marked a conversation as unread."""
    return exists().where(_of(viewer.agent_id), Reading.marked_at.is_not(None))


def is_unread_by(agent_id: str) -> ColumnElement[bool]:
    """Return the condition on `Conversation` that a person has not read it."""
    marked = select(Reading.conversation_id).where(
        Reading.agent_id == agent_id, Reading.marked_at.is_not(None)
    )
    held = and_(Conversation.agent_id == agent_id, Conversation.status == str(Status.assigned))
    return or_(Conversation.id.in_(marked), and_(held, exists().where(_newer())))


def _of(agent_id: str | None) -> ColumnElement[bool]:
    return and_(Reading.conversation_id == Conversation.id, Reading.agent_id == agent_id)


def _newer() -> ColumnElement[bool]:
    """Return the condition on a message that the conversation's agent has not looked at it."""
    own = Reading.agent_id == Conversation.agent_id
    read_to = select(Reading.position).where(own, Reading.conversation_id == Conversation.id)
    return and_(
        Message.conversation_id == Conversation.id,
        Message.position > func.coalesce(read_to.correlate(Conversation).scalar_subquery(), 0),
        _is_by_others(Conversation.agent_id),
    )


def _is_by_others(agent_id: object) -> ColumnElement[bool]:
    return and_(
        Message.author.in_([str(author) for author in BY_OTHERS]),
        Message.agent_id.is_distinct_from(agent_id),
    )


async def read_to(session: AsyncSession, agent_id: str, conversation_id: UUID) -> ReadTo:
    """Return how far a person has read a conversation."""
    row = await session.get(Reading, (agent_id, conversation_id), populate_existing=True)
    return ReadTo(row.position, row.marked_at) if row else ReadTo()


async def keep_read(
    session: AsyncSession, agent_id: str, conversation_id: UUID, position: int
) -> bool:
    """Keep that a person has read up to a position; says whether that was news."""
    last = select(func.coalesce(func.max(Message.position), 0)).where(
        Message.conversation_id == conversation_id
    )
    seen = func.least(position, last.scalar_subquery())
    row = insert(Reading).values(
        agent_id=agent_id, conversation_id=conversation_id, position=seen, marked_at=None
    )
    newer = or_(Reading.position < row.excluded.position, Reading.marked_at.is_not(None))
    further = func.greatest(Reading.position, row.excluded.position)
    done = row.on_conflict_do_update(
        index_elements=[Reading.agent_id, Reading.conversation_id],
        set_={"position": further, "marked_at": None},
        where=newer,
    )
    return (await session.scalar(done.returning(Reading.position))) is not None


async def keep_marked(
    session: AsyncSession,
    agent_id: str,
    conversation_id: UUID,
    *,
    before: int | None,
    at: datetime,
) -> None:
    """Keep that a person marked a conversation as unread from the message at `before` on, or else
    from the last that others wrote.
    """
    last = select(func.max(Message.position)).where(
        Message.conversation_id == conversation_id,
        Message.position <= before if before is not None else _is_by_others(agent_id),
    )
    position = func.coalesce(last.scalar_subquery() - 1, 0)
    row = insert(Reading).values(
        agent_id=agent_id, conversation_id=conversation_id, position=position, marked_at=at
    )
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[Reading.agent_id, Reading.conversation_id],
            set_={
                "position": func.least(Reading.position, row.excluded.position),
                "marked_at": row.excluded.marked_at,
            },
        )
    )
