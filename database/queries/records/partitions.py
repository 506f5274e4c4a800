"""Partitions of records by the month of their opening, in UTC, made ahead.

What is of a month without a partition goes into the default one, so nothing is ever refused. It
moves when its month's partition is made.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

TABLE = "conversation_record"
DEFAULT = f"{TABLE}_other"
BY_MONTH = re.compile(rf"{TABLE}_(\d{{4}})_(\d\d)")
MONTHS_AHEAD = 3
"""Ours: housekeeping may fail for as long, and nothing is slower than it was."""
MAKING = 7_316_017
"""Key of the advisory lock of whoever makes partitions."""
SETTINGS = "toast_tuple_target = 1024, autovacuum_vacuum_scale_factor = 0.05"
"""Words are stored beside the row, so that reading rows by the thousand does not read them."""


def month_of(at: datetime) -> datetime:
    """Return the beginning of a moment's month."""
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def next_month(month: datetime) -> datetime:
    """Return the beginning of the month after one that is given by its beginning."""
    years, number = divmod(month.month, 12)
    return month.replace(year=month.year + years, month=number + 1)


def months(first: datetime, last: datetime) -> Iterator[datetime]:
    """Yield the beginnings of the months from one moment to another."""
    month = month_of(first)
    while month <= last:
        yield month
        month = next_month(month)


def name_of(month: datetime) -> str:
    """Return the name of a month's partition."""
    return f"{TABLE}_{month:%Y_%m}"


def making_default() -> tuple[str, ...]:
    """Return the statements that make the default partition."""
    return (
        f"CREATE TABLE {DEFAULT} PARTITION OF {TABLE} DEFAULT",
        f"ALTER TABLE {DEFAULT} SET ({SETTINGS})",
    )


def making(month: datetime) -> tuple[str, ...]:
    """Return the statements that make a month's partition, with what it has already."""
    name, first, after = name_of(month), month.isoformat(), next_month(month).isoformat()
    its = f"opened_at >= '{first}' AND opened_at < '{after}'"
    return (
        f"LOCK TABLE {DEFAULT} IN ACCESS EXCLUSIVE MODE",
        f"CREATE TABLE {name} (LIKE {TABLE} INCLUDING DEFAULTS INCLUDING STORAGE) "
        f"WITH ({SETTINGS})",
        f"INSERT INTO {name} SELECT * FROM {DEFAULT} WHERE {its}",  # noqa: S608 - names of ours
        f"DELETE FROM {DEFAULT} WHERE {its}",  # noqa: S608 - names of ours
        f"ALTER TABLE {TABLE} ATTACH PARTITION {name} FOR VALUES FROM ('{first}') TO ('{after}')",
    )


IN_DEFAULT = sql("""
    SELECT DISTINCT date_trunc('month', opened_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
    FROM conversation_record_other ORDER BY 1 LIMIT 24
""")
THERE = sql("""
    SELECT inhrelid::regclass::text FROM pg_inherits
    WHERE inhparent = 'conversation_record'::regclass
""")


async def months_there(session: AsyncSession) -> list[datetime]:
    """Return the beginnings of the months that have a partition."""
    names = (await session.scalars(THERE)).all()
    found = (BY_MONTH.fullmatch(name) for name in names)
    return [datetime(int(one[1]), int(one[2]), 1, tzinfo=UTC) for one in found if one]


async def make_ahead(session: AsyncSession, now: datetime) -> list[str]:
    """Make the partitions of this month and the next ones, and of months that have records.

    Returns their names. Any number of processes may call it at once.
    """
    await session.execute(sql("SELECT pg_advisory_xact_lock(:key)"), {"key": MAKING})
    last = month_of(now)
    for _ in range(MONTHS_AHEAD):
        last = next_month(last)
    wanted = [*months(now, last), *(await session.scalars(IN_DEFAULT))]
    there = set(await session.scalars(THERE))
    made = []
    for month in wanted:
        name = name_of(month_of(month))
        if name not in there:
            for statement in making(month_of(month)):
                await session.execute(sql(statement))
            there.add(name)
            made.append(name)
    return made
