"""Buckets that scheduled exports go into."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import ExportBucket, ExportSchedule
from domain.errors import NotFound


async def listed(session: AsyncSession, account_id: str) -> Sequence[ExportBucket]:
    """Return an account's buckets in use, the oldest first."""
    its = (ExportBucket.account_id == account_id, ExportBucket.retired_at.is_(None))
    query = select(ExportBucket).where(*its)
    return (await session.scalars(query.order_by(ExportBucket.created_at, ExportBucket.id))).all()


async def lock_account(session: AsyncSession, account_id: str) -> None:
    """Let nobody else add a bucket of this account until the transaction ends."""
    lock = func.hashtextextended(f"export buckets/{account_id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(lock)))


async def find(session: AsyncSession, account_id: str, bucket_id: UUID) -> ExportBucket:
    """Return a bucket in use, which nobody changes meanwhile. Raises `NotFound`."""
    its = (ExportBucket.account_id == account_id, ExportBucket.id == bucket_id)
    query = select(ExportBucket).where(*its, ExportBucket.retired_at.is_(None))
    found = await session.scalar(query.with_for_update())
    if found is None:
        raise NotFound
    return found


async def schedules_of(session: AsyncSession, bucket_id: UUID) -> Sequence[str]:
    """Return the names of the schedules in use that go into a bucket."""
    its = (ExportSchedule.bucket_id == bucket_id, ExportSchedule.retired_at.is_(None))
    return (await session.scalars(select(ExportSchedule.name).where(*its))).all()
