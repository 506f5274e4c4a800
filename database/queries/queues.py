"""The managers' view of who waits: for each skill, for each agent's answers, and in all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from database.queries.conversation_filters import IS_OPEN
from database.queries.visibility import Viewer, visible
from database.tables import Conversation, QueueEntry, Skill
from domain.board.times import AGES
from domain.conversation.kinds import Status
from domain.conversation.urgency import SOON


@dataclass(frozen=True)
class QueueSummary:
    """A skill's queue. `oldest_at`: when its oldest entry came; None when the queue is empty.

    `ages`: how many wait for less than each of `AGES`, and for longer than the last: five numbers.
    """

    skill_id: str
    name: str
    waiting: int
    overdue: int
    oldest_at: datetime | None
    due_at: datetime | None
    """The earliest deadline, which may be over."""
    ages: Sequence[int]


@dataclass(frozen=True)
class Owed:
    """Conversations of an agent whose consumer waits: how many, how many too long, since when."""

    unanswered: int
    overdue: int
    since: datetime | None


NOTHING_OWED = Owed(0, 0, None)


@dataclass(frozen=True)
class OpenNow:
    """Open conversations: those that wait in queues, and those that agents have.

    `unanswered`: their consumer waits for a reply. Its deadline is over, or is so soon: see `SOON`.
    """

    waiting: int
    assigned: int
    unanswered: int
    overdue: int
    soon_overdue: int

    @property
    def open(self) -> int:
        """Return how many there are."""
        return self.waiting + self.assigned


NOTHING_OPEN = OpenNow(0, 0, 0, 0, 0)


async def open_seen(session: AsyncSession, viewer: Viewer, now: datetime) -> OpenNow:
    """Count the open conversations that a viewer may see, without those that bots have."""
    return await _open_now(session, [visible(viewer)], now)


async def open_of(session: AsyncSession, account_id: str, agent_id: str, now: datetime) -> OpenNow:
    """Count the open conversations of an agent, without those they have snoozed."""
    theirs = [
        Conversation.account_id == account_id,
        Conversation.agent_id == agent_id,
        Conversation.status == str(Status.assigned),
        Conversation.snoozed_at.is_(None),
    ]
    return await _open_now(session, theirs, now)


async def _open_now(
    session: AsyncSession, which: Iterable[ColumnElement[bool]], now: datetime
) -> OpenNow:
    due = Conversation.response_due_at
    query = select(
        func.count().filter(Conversation.status == str(Status.waiting)),
        func.count().filter(Conversation.status == str(Status.assigned)),
        func.count().filter(Conversation.waiting_since.is_not(None)),
        func.count().filter(due <= now),
        func.count().filter(due > now, due <= now + SOON),
    ).where(
        IS_OPEN,
        or_(
            Conversation.status == str(Status.assigned),
            and_(Conversation.status == str(Status.waiting), Conversation.bot_id.is_(None)),
        ),
        *which,
    )
    return OpenNow(*(await session.execute(query)).one())


async def queue_summaries(
    session: AsyncSession, account_id: str, now: datetime
) -> list[QueueSummary]:
    """Return a summary of each skill's queue, ordered by name, without retired skills."""
    entry = QueueEntry
    begins = [now - age for age in AGES]
    bounds = zip([None, *begins], [*begins, None], strict=True)
    ages = [
        func.count(entry.conversation_id).filter(
            *([entry.entered_at <= latest] if latest is not None else []),
            *([entry.entered_at > earliest] if earliest is not None else []),
        )
        for latest, earliest in bounds
    ]
    query = (
        select(
            Skill.id,
            Skill.name,
            func.count(entry.conversation_id),
            func.count().filter(entry.due_at <= now),
            func.min(entry.entered_at),
            func.min(entry.due_at),
            *ages,
        )
        .outerjoin(entry, entry.skill_id == Skill.id)
        .where(Skill.account_id == account_id, Skill.retired_at.is_(None))
        .group_by(Skill.id, Skill.name)
        .order_by(Skill.name)
    )
    return [QueueSummary(*row[:6], tuple(row[6:])) for row in await session.execute(query)]


async def owed(session: AsyncSession, account_id: str, now: datetime) -> Mapping[str, Owed]:
    """Return what an account's agents owe their consumers, by agent."""
    query = (
        select(
            Conversation.agent_id,
            func.count(),
            func.count().filter(Conversation.response_due_at <= now),
            func.min(Conversation.waiting_since),
        )
        .where(
            Conversation.account_id == account_id,
            Conversation.status == str(Status.assigned),
            Conversation.agent_id.is_not(None),
            Conversation.waiting_since.is_not(None),
        )
        .group_by(Conversation.agent_id)
    )
    rows = await session.execute(query)
    return {
        agent_id: Owed(unanswered, overdue, since)
        for agent_id, unanswered, overdue, since in rows
        if agent_id is not None
    }
