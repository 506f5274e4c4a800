"""Events that could not be read into records and figures: set aside, and tried again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Event, UnreadEvent

FIRST_PAUSE = timedelta(minutes=1)
MOST_TRIES = 10
"""Ours: with pauses that double, more than eight hours. Then only other code can read it."""


async def conversations(session: AsyncSession, account_id: str) -> set[UUID]:
    """Return the conversations of which something is set aside: all of it is."""
    query = select(UnreadEvent.conversation_id).where(UnreadEvent.account_id == account_id)
    return {one for one in await session.scalars(query) if one is not None}


async def add(
    session: AsyncSession, account_id: str, event_id: int, conversation_id: UUID | None, error: str
) -> None:
    """Set an event aside."""
    values = {"account_id": account_id, "event_id": event_id, "conversation_id": conversation_id}
    again = func.now() + FIRST_PAUSE
    query = insert(UnreadEvent).values(**values, error=error, try_at=again)
    await session.execute(query.on_conflict_do_nothing())


async def newest_of(session: AsyncSession, conversation_id: UUID) -> int:
    """Return the id of a conversation's newest event; 0: it has none."""
    query = select(func.max(Event.id)).where(Event.conversation_id == conversation_id)
    return await session.scalar(query) or 0


async def accounts_due(session: AsyncSession, now: datetime) -> Sequence[str]:
    """Return the accounts with events to try again."""
    query = select(UnreadEvent.account_id).where(UnreadEvent.try_at <= now).distinct()
    return (await session.scalars(query)).all()


async def due(
    session: AsyncSession, account_id: str, now: datetime, limit: int
) -> Sequence[UnreadEvent]:
    """Return an account's events to try again, the oldest first."""
    its = (UnreadEvent.account_id == account_id, UnreadEvent.try_at <= now)
    query = select(UnreadEvent).where(*its).order_by(UnreadEvent.event_id)
    return (await session.scalars(query.limit(limit))).all()


async def event_of(session: AsyncSession, row: UnreadEvent) -> Event | None:
    """Return the event; None: it is there no longer."""
    its = (Event.id == row.event_id, Event.account_id == row.account_id)
    return await session.scalar(select(Event).where(*its))


async def failed(session: AsyncSession, row: UnreadEvent, error: str, now: datetime) -> None:
    """Keep that another try was in vain, and when the next one is, if there is one."""
    pause = FIRST_PAUSE * 2**row.tries
    row.error, row.tries = error, row.tries + 1
    row.try_at = now + pause if row.tries < MOST_TRIES else None
    await session.flush()


async def done(session: AsyncSession, row: UnreadEvent) -> None:
    """Forget an event that was read."""
    await session.delete(row)
    await session.flush()


async def forget_all(session: AsyncSession, account_id: str) -> None:
    """Forget all that is set aside of an account: it is read anew."""
    await session.execute(delete(UnreadEvent).where(UnreadEvent.account_id == account_id))


async def hope_again(session: AsyncSession) -> None:
    """Have events tried again that were given up: the code may be another one now."""
    values = {"tries": 1, "try_at": func.now()}
    await session.execute(update(UnreadEvent).where(UnreadEvent.try_at.is_(None)).values(values))


async def count(session: AsyncSession) -> int:
    """Count the events of all accounts that are set aside."""
    return await session.scalar(select(func.count()).select_from(UnreadEvent)) or 0
