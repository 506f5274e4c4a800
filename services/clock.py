"""The time of a call."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from database.clock import database_time
from database.direct import in_session


def utc_now() -> datetime:
    """Return this machine's time: when something happened, and nothing that others wait for."""
    return datetime.now(UTC)


async def shared_now(session: AsyncSession) -> datetime:
    """Return the time of all processes: for what others wait for, or compare with theirs."""
    return await database_time(in_session(session))
