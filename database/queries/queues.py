"""The managers' view of who waits: for each skill, and for each agent's answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Conversation, QueueEntry, Skill
from domain.board.times import AGES
from domain.conversation.kinds import Status


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
