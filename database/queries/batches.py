"""Batches as people and programs see them: made, listed, moved from state to state."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Batch, BatchUpload
from domain.batches.kinds import BatchStatus
from domain.errors import NotFound

Skills = Collection[str] | None
"""Whose replies go to these skills; None: all of the account."""

# What was written and has not been claimed was never sent: it is taken back, and is written again
# under the same id if the batch goes on. A worker that is sending one of them has its row locked or
# changed, and it is left alone.
TAKE_BACK = sql("""
    WITH waiting AS (
        SELECT message.id FROM batch_recipient AS recipient
        JOIN message ON message.id = recipient.message_id
        WHERE recipient.batch_id = :batch_id AND recipient.status = 'queued'
          AND message.status = 'queued'
        FOR UPDATE OF message
    ), uninvited AS (
        DELETE FROM invitation USING waiting WHERE invitation.message_id = waiting.id
    ), unwritten AS (
        DELETE FROM message USING waiting WHERE message.id = waiting.id
    )
    UPDATE batch_recipient AS recipient SET status = 'waiting', message_id = NULL
    FROM waiting WHERE recipient.batch_id = :batch_id AND recipient.message_id = waiting.id
""")
LEAVE_OUT_THE_REST = sql("""
    UPDATE batch_recipient SET status = 'left_out', left_out = 'cancelled'
    WHERE batch_id = :batch_id AND status = 'waiting'
""")


async def add(session: AsyncSession, values: dict[str, Any]) -> Batch:
    """Make a batch in draft."""
    row = insert(Batch).values(**values, status=BatchStatus.draft.value)
    return (await session.scalars(row.returning(Batch))).one()


async def find(
    session: AsyncSession, account_id: str, batch_id: UUID, skills: Skills = None
) -> Batch:
    """Return a batch of an account, if its replies go to these skills. Raises `NotFound`."""
    return await _one(session, account_id, batch_id, skills, is_locked=False)


async def lock(
    session: AsyncSession, account_id: str, batch_id: UUID, skills: Skills = None
) -> Batch:
    """Return a batch and lock it: nobody writes or takes back its texts meanwhile."""
    return await _one(session, account_id, batch_id, skills, is_locked=True)


async def _one(
    session: AsyncSession, account_id: str, batch_id: UUID, skills: Skills, *, is_locked: bool
) -> Batch:
    query = select(Batch).where(Batch.id == batch_id, Batch.account_id == account_id)
    if skills is not None:
        query = query.where(Batch.skill_id.in_(skills))
    if is_locked:
        query = query.with_for_update()
    found = (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()
    if found is None:
        raise NotFound
    return found


async def listed(
    session: AsyncSession,
    account_id: str,
    skills: Skills,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Batch]:
    """Return an account's batches whose replies go to these skills, the newest first."""
    query = select(Batch).where(Batch.account_id == account_id)
    if skills is not None:
        query = query.where(Batch.skill_id.in_(skills))
    if before is not None:
        query = query.where(tuple_(Batch.created_at, Batch.id) < before)
    query = query.order_by(Batch.created_at.desc(), Batch.id.desc()).limit(limit)
    return (await session.scalars(query)).all()


async def move(session: AsyncSession, batch: Batch, **values: Any) -> None:
    """Change a locked batch."""
    await session.execute(update(Batch).where(Batch.id == batch.id).values(**values))
    await session.refresh(batch)


async def take_back(session: AsyncSession, batch: Batch) -> None:
    """Take back the texts of a locked batch that no worker has claimed."""
    await session.execute(TAKE_BACK, {"batch_id": batch.id})


async def leave_out_the_rest(session: AsyncSession, batch: Batch) -> None:
    """Leave out all recipients of a locked batch that have no text."""
    await session.execute(LEAVE_OUT_THE_REST, {"batch_id": batch.id})


async def cancel(session: AsyncSession, batch: Batch, now: datetime) -> None:
    """Cancel a locked batch: nothing of it leaves that is not on its way."""
    await take_back(session, batch)
    await leave_out_the_rest(session, batch)
    cancelled = BatchStatus.cancelled.value
    await move(session, batch, status=cancelled, stopped_because=None, ended_at=now)


async def cancel_again(session: AsyncSession, batch_id: UUID, now: datetime) -> None:
    """Cancel a running batch that was cancelled before its database was restored."""
    running = (Batch.id == batch_id) & (Batch.status == BatchStatus.running.value)
    batch = await session.scalar(select(Batch).where(running).with_for_update())
    if batch is not None:
        await cancel(session, batch, now)


async def uploads(session: AsyncSession, batch_id: UUID) -> Sequence[BatchUpload]:
    """Return a batch's uploads, the first one first."""
    query = select(BatchUpload).where(BatchUpload.batch_id == batch_id).order_by(BatchUpload.number)
    return (await session.scalars(query)).all()


# As long as Temporal keeps ended workflows at least. A batch that was started longer ago, and that
# Temporal does not know, may have run before its database was restored.
REMEMBERED_BY_TEMPORAL = timedelta(days=1)
# No text of such a batch has left: it begins now, or Temporal could not be reached when it was
# started. Landlines and erased recipients are left out before it runs, and say nothing of that.
NEVER_RAN = """
    batch.started_at > :remembered_since AND NOT EXISTS (
        SELECT FROM batch_recipient AS recipient
        WHERE recipient.batch_id = batch.id AND recipient.message_id IS NOT NULL
    )
"""
NEVER_RAN_YET = sql(f"SELECT {NEVER_RAN} FROM batch WHERE id = :batch_id")  # noqa: S608 - our words
# Of all accounts: a worker wakes those that no worker has looked at in time.
NEGLECTED = sql(f"""
    WITH late AS (
        SELECT id FROM batch WHERE status = 'running' AND due_at < :now
        ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED
    )
    UPDATE batch SET due_at = :again_at FROM late WHERE batch.id = late.id
    RETURNING batch.id, batch.recipients, {NEVER_RAN}
""")  # noqa: S608 - our own words


async def neglected(
    session: AsyncSession, now: datetime, again_at: datetime, limit: int
) -> Sequence[tuple[UUID, int, bool]]:
    """Take running batches that no worker has looked at in time, until `again_at`.

    Returns their ids, how many recipients each has, and whether it has never run.
    """
    values = {
        "now": now,
        "again_at": again_at,
        "limit": limit,
        "remembered_since": now - REMEMBERED_BY_TEMPORAL,
    }
    return [(row[0], row[1], row[2]) for row in await session.execute(NEGLECTED, values)]


async def never_ran(session: AsyncSession, batch_id: UUID, now: datetime) -> bool:
    """Say whether a batch that was started has never run, for all that the database knows."""
    values = {"batch_id": batch_id, "remembered_since": now - REMEMBERED_BY_TEMPORAL}
    return bool(await session.scalar(NEVER_RAN_YET, values))
