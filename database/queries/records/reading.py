"""How far an account's events are in its records: one process at a time reads on."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.functions import Function

from database.direct import Direct
from database.queries import events
from database.tables import Conversation, Event, RecordReading


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


async def is_behind(session: AsyncSession, account_id: str, moment: datetime) -> bool:
    """Say whether an account's records lack something that had happened by a moment."""
    table = RecordReading
    place = select(table.last_event_id).where(table.account_id == account_id).scalar_subquery()
    is_unread = or_(place.is_(None), Event.id > place)
    its = (Event.account_id == account_id, is_unread, Event.at <= moment)
    return bool(await session.scalar(select(select(Event.id).where(*its).exists())))


async def recount_from_the_first(session: AsyncSession, account_id: str) -> None:
    """Have a recount begin anew."""
    its = RecordReading.account_id == account_id
    first = {"recount_opened_at": None, "recount_id": None}
    await session.execute(update(RecordReading).where(its).values(first))


async def next_to_recount(session: AsyncSession, account_id: str, *, limit: int) -> list[UUID]:
    """Return the conversations that a recount writes next, and keep how far it is then.

    Fewer than `limit`: these are the last ones.
    """
    place = await session.get(RecordReading, account_id, with_for_update=True)
    if place is None:
        place = RecordReading(account_id=account_id, last_event_id=0)
        session.add(place)
    table = Conversation
    query = select(table.id, table.opened_at).where(table.account_id == account_id)
    if place.recount_id is not None:
        after = (place.recount_opened_at, place.recount_id)
        query = query.where(tuple_(table.opened_at, table.id) > after)
    found = (await session.execute(query.order_by(table.opened_at, table.id).limit(limit))).all()
    last = found[-1] if len(found) == limit else None
    place.recount_id = last.id if last else None
    place.recount_opened_at = last.opened_at if last else None
    return sorted(row.id for row in found)
