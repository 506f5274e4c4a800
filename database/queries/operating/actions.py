"""What operators did on the status page. It is only added to."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import OperatorAction


async def add(session: AsyncSession, done: OperatorAction) -> None:
    """Add what was done."""
    session.add(done)
    await session.flush()


async def latest(session: AsyncSession, limit: int) -> Sequence[OperatorAction]:
    """Return what was done last, the latest first."""
    query = select(OperatorAction).order_by(OperatorAction.id.desc()).limit(limit)
    return (await session.scalars(query)).all()
