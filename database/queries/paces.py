"""Lines whose pace was changed: what waits for its time is given another, and woken."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.tables import LineLane, Message
from domain.delivery.message_status import MessageStatus

TAKE_CHANGED = b"""
    WITH due AS (
        SELECT line_id FROM line_lane
        WHERE paced_anew_at IS NOT NULL AND coalesce(wake_at, paced_anew_at) <= %(now)s
        ORDER BY paced_anew_at LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    UPDATE line_lane AS lane SET wake_at = %(held_until)s
    FROM due WHERE lane.line_id = due.line_id
    RETURNING lane.line_id, lane.paced_anew_at
"""


async def change(session: AsyncSession, line_id: str, now: datetime) -> None:
    """Free a line from the times it has given; its texts are then woken."""
    await session.execute(
        update(LineLane)
        .where(LineLane.line_id == line_id)
        .values(taken_until=None, proactive_until=None, paced_anew_at=now, wake_at=None)
    )


async def take_changed(
    direct: Direct, now: datetime, held_for: timedelta
) -> tuple[str, datetime] | None:
    """Take a line whose texts still have times by its former pace, and commit.

    Returns it with when its pace was changed.
    """
    row = await direct.fetch_one(TAKE_CHANGED, {"now": now, "held_until": now + held_for})
    return (row[0], row[1]) if row else None


async def forget_times(session: AsyncSession, line_id: str, now: datetime) -> None:
    """Take back the times that a line's waiting texts were given."""
    await session.execute(
        update(Message)
        .where(
            Message.line_id == line_id,
            Message.status == MessageStatus.queued.value,
            Message.leaves_at > now,
        )
        .values(leaves_at=None)
    )


async def woken(session: AsyncSession, line_id: str, changed_at: datetime) -> None:
    """Forget a change whose texts were woken, unless there was another meanwhile."""
    await session.execute(
        update(LineLane)
        .where(LineLane.line_id == line_id, LineLane.paced_anew_at == changed_at)
        .values(paced_anew_at=None, wake_at=None)
    )
