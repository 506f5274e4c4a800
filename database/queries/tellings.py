"""What conversations are told until they take it: by one process at a time, in growing pauses.

A workflow that is stuck, or pinned to a version without workers, takes nothing; and Temporal
refuses everything to a run that has ten thousand signals, its consumers' texts as well.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

FIRST_PAUSE = timedelta(seconds=10)
"""Ours: far above the time of a signal and a step. Each pause is twice the one before."""
LONGEST_PAUSE = timedelta(minutes=15)
"""Ours: 96 signals a day, so nine thousand in the 90 days that a conversation may be open."""
MOST_DOUBLINGS = 10
"""Ours: far beyond the longest pause."""


class News(StrEnum):
    """What a conversation is told."""

    agent_chosen = "agent_chosen"
    agent_left = "agent_left"
    opted_out = "opted_out"


CLAIMING = """
    WITH found AS ({found}), due AS (
        SELECT found.*, coalesce(telling.times, 0) AS times
        FROM found LEFT JOIN telling ON telling.conversation_id = found.conversation_id
            AND telling.kind = :kind AND telling.sequence = found.sequence
        WHERE telling.again_at IS NULL OR telling.again_at <= now()
        ORDER BY telling.again_at NULLS FIRST, found.conversation_id
        LIMIT :limit
    ), claimed AS (
        INSERT INTO telling (conversation_id, kind, sequence, times, again_at)
        SELECT conversation_id, :kind, sequence, times + 1, now()
            + least(:first * power(2, least(times, :doublings)), :longest)
        FROM due ORDER BY conversation_id
        ON CONFLICT (conversation_id, kind) DO UPDATE
            SET sequence = excluded.sequence, times = excluded.times, again_at = excluded.again_at
            WHERE telling.sequence <> excluded.sequence OR telling.again_at <= now()
        RETURNING conversation_id
    )
    SELECT due.* FROM due JOIN claimed ON claimed.conversation_id = due.conversation_id
"""
NOT_TOLD = sql("""
    UPDATE telling SET times = 0, again_at = now() + :first
    WHERE kind = :kind AND conversation_id = ANY(:conversations)
""")
FORGET_OLD = sql("DELETE FROM telling WHERE again_at < :before")


def claiming(found: str) -> TextClause:
    """Return the statement that claims conversations for its caller, those never told first.

    `found`: the query of those that have not taken it, with `conversation_id` and `sequence`. Two
    callers lock rows in the same order, and the later one finds what the earlier one claimed.
    """
    return sql(CLAIMING.format(found=found))


def terms(kind: News, limit: int) -> Mapping[str, Any]:
    """Return the values of such a statement."""
    pauses = {"first": FIRST_PAUSE, "longest": LONGEST_PAUSE, "doublings": MOST_DOUBLINGS}
    return {"kind": kind.value, "limit": limit, **pauses}


async def not_told(session: AsyncSession, kind: News, conversations: Collection[UUID]) -> None:
    """Begin the pauses of conversations anew: Temporal was away, and they heard nothing."""
    values = {"kind": kind.value, "conversations": list(conversations), "first": FIRST_PAUSE}
    await session.execute(NOT_TOLD, values)


async def forget_old(session: AsyncSession, before: datetime) -> None:
    """Forget what is not told any more."""
    await session.execute(FORGET_OLD, {"before": before})
