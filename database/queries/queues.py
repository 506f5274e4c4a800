"""The managers' view of the queues: how many wait for each skill, since when, and how late."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import QueueEntry, Skill


@dataclass(frozen=True)
class QueueSummary:
    """A skill's queue. `oldest_at`: when its oldest entry came; None when the queue is empty."""

    skill_id: str
    name: str
    waiting: int
    overdue: int
    oldest_at: datetime | None
    due_at: datetime | None
    """The earliest deadline, which may be over."""


async def queue_summaries(
    session: AsyncSession, account_id: str, now: datetime
) -> list[QueueSummary]:
    """Return a summary of each skill's queue, ordered by name, without retired skills."""
    entry = QueueEntry
    query = (
        select(
            Skill.id,
            Skill.name,
            func.count(entry.conversation_id),
            func.count().filter(entry.due_at <= now),
            func.min(entry.entered_at),
            func.min(entry.due_at),
        )
        .outerjoin(entry, entry.skill_id == Skill.id)
        .where(Skill.account_id == account_id, Skill.retired_at.is_(None))
        .group_by(Skill.id, Skill.name)
        .order_by(Skill.name)
    )
    return [QueueSummary(*row) for row in await session.execute(query)]
