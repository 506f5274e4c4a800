"""Lines whose pace was changed: what waits for its time is given another, and woken."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.tables import LineLane

# Times that were given are taken back once, with the stretch of the line that was kept for them:
# who takes over from a worker that could not wake all leaves the times of those it has woken.
TAKE_CHANGED = b"""
    WITH due AS (
        SELECT line_id, wake_at IS NULL AS is_first FROM line_lane
        WHERE paced_anew_at IS NOT NULL AND coalesce(wake_at, paced_anew_at) <= %(now)s
        ORDER BY paced_anew_at LIMIT 1 FOR UPDATE SKIP LOCKED
    ), taken AS (
        UPDATE line_lane AS lane SET wake_at = %(held_until)s,
            taken_until = CASE WHEN NOT due.is_first THEN lane.taken_until END,
            proactive_until = CASE WHEN NOT due.is_first THEN lane.proactive_until END
        FROM due WHERE lane.line_id = due.line_id
        RETURNING lane.line_id, lane.paced_anew_at, due.is_first
    ), forgotten AS (
        UPDATE message SET leaves_at = NULL FROM taken
        WHERE taken.is_first AND message.line_id = taken.line_id
          AND message.status = 'queued' AND message.leaves_at > %(now)s
    )
    SELECT line_id, paced_anew_at FROM taken
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
    """Take a line whose texts have times by its former pace, take these back, and commit.

    Returns it with when its pace was changed.
    """
    row = await direct.fetch_one(TAKE_CHANGED, {"now": now, "held_until": now + held_for})
    return (row[0], row[1]) if row else None


async def keep(session: AsyncSession, line_id: str, changed_at: datetime, until: datetime) -> None:
    """Keep a line that was taken for longer, unless its pace was changed again meanwhile."""
    await session.execute(
        update(LineLane)
        .where(
            LineLane.line_id == line_id,
            LineLane.paced_anew_at == changed_at,
            LineLane.wake_at.is_not(None),
        )
        .values(wake_at=until)
    )


async def woken(session: AsyncSession, line_id: str, changed_at: datetime) -> None:
    """Forget a change whose texts were woken, unless there was another meanwhile."""
    await session.execute(
        update(LineLane)
        .where(LineLane.line_id == line_id, LineLane.paced_anew_at == changed_at)
        .values(paced_anew_at=None, wake_at=None)
    )
