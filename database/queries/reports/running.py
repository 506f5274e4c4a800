"""What runs now: who is in which state, and what waits in a queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from domain.reporting.sources import source_of
from domain.reporting.states import InState

STATES = sql("""
    SELECT id, state, state_reason, state_since FROM agent
    WHERE account_id = :account_id AND state <> 'offline'
""")
# The time that counts is that of the event, as it does once the wait is over.
QUEUED = sql("""
    SELECT c.id, c.skill_id, c.line_id, c.origin, c.origin_id, its.at
    FROM queue_entry AS entry JOIN conversation AS c ON c.id = entry.conversation_id
    CROSS JOIN LATERAL (
        SELECT at FROM event
        WHERE event.conversation_id = c.id AND kind = 'conversation_queued'
        ORDER BY id DESC LIMIT 1
    ) AS its
    WHERE entry.account_id = :account_id AND c.status = 'waiting' AND c.bot_id IS NULL
""")


@dataclass(frozen=True)
class Waiting:
    """A conversation that waits in a queue."""

    conversation_id: UUID
    skill_id: str | None
    line_id: str
    source: str
    since: datetime


async def states(session: AsyncSession, account_id: str, now: datetime) -> Sequence[InState]:
    """Return the states in which an account's people are, until now."""
    rows = await session.execute(STATES, {"account_id": account_id})
    return [InState(row.id, row.state, row.state_reason, row.state_since, now) for row in rows]


async def waiting(session: AsyncSession, account_id: str) -> Sequence[Waiting]:
    """Return what waits in an account's queues."""
    rows = await session.execute(QUEUED, {"account_id": account_id})
    return [
        Waiting(row.id, row.skill_id, row.line_id, source_of(row.origin, row.origin_id), row.at)
        for row in rows
    ]
