"""Which days of an account are to be summed again."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.tables import StaleDay

BEHIND = b"SELECT DISTINCT account_id FROM stale_day"


async def behind(direct: Direct) -> Collection[str]:
    """Return the accounts with days to sum."""
    return [str(row[0]) for row in await direct.fetch_all(BEHIND, {})]


async def mark(session: AsyncSession, account_id: str, days: Collection[date]) -> None:
    """Have days summed again.

    A mark that is there is written as well: whoever sums the day now is waited for, because it
    does not see what this transaction changed.
    """
    if not days:
        return
    rows = [{"account_id": account_id, "day": day} for day in sorted(days)]
    new = insert(StaleDay).values(rows)
    again = new.on_conflict_do_update(
        index_elements=[StaleDay.account_id, StaleDay.day], set_={"times": StaleDay.times + 1}
    )
    await session.execute(again)


async def count(session: AsyncSession, account_id: str, first: date, last: date) -> int:
    """Return how many days from `first` to `last` are to be summed again."""
    days = select(func.count()).where(
        StaleDay.account_id == account_id, StaleDay.day >= first, StaleDay.day <= last
    )
    return await session.scalar(days) or 0


async def take(session: AsyncSession, account_id: str, *, before: date) -> date | None:
    """Take the latest day before another that is to be summed and that nobody else sums now."""
    query = select(StaleDay.day).where(StaleDay.account_id == account_id, StaleDay.day < before)
    latest = query.order_by(StaleDay.day.desc()).limit(1).with_for_update(skip_locked=True)
    day = await session.scalar(latest)
    if day is not None:
        its = (StaleDay.account_id == account_id, StaleDay.day == day)
        await session.execute(delete(StaleDay).where(*its))
    return day
