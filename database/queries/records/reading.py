"""How far an account's events are in its records: one process at a time reads on."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.functions import Function

from database.direct import Direct
from database.queries import events
from database.tables import RecordReading


async def lead(session: AsyncSession, account_id: str) -> RecordReading | None:
    """Lock how far an account's events were read; None while another process reads on."""
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(_lock(account_id)))):
        return None
    found = await session.get(RecordReading, account_id)
    if found is None:
        found = RecordReading(account_id=account_id, last_event_id=0)
        session.add(found)
    newest = await events.latest_id(session, account_id)
    # A database that was restored to an earlier time counts up to old ids again.
    found.last_event_id = min(found.last_event_id, newest)
    return found


async def wait(session: AsyncSession, account_id: str) -> None:
    """Wait until no other process writes what is kept of an account's conversations."""
    await session.execute(select(func.pg_advisory_xact_lock(_lock(account_id))))


def _lock(account_id: str) -> Function[int]:
    return func.hashtextextended(f"records/{account_id}", 0)


BEHIND = b"""
    SELECT account.id FROM account
    LEFT JOIN record_reading ON record_reading.account_id = account.id
    WHERE EXISTS (
        SELECT FROM event WHERE event.account_id = account.id
        AND event.id > coalesce(record_reading.last_event_id, 0)
    )
"""


async def behind(direct: Direct) -> Collection[str]:
    """Return the accounts with events that were not read."""
    return [str(row[0]) for row in await direct.fetch_all(BEHIND, {})]
