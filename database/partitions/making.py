"""Makes the partitions of months to come, and of months that have rows in the default one.

What is of a month without a partition goes into the default one, so nothing is ever refused. It
moves when its month's partition is made. A transaction makes one, and gives up at once if others
hold the table, because whoever comes after it would wait behind it. The next run tries again.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import is_cut_short
from database.engine import Sessions
from database.partitions.catalogue import CATALOGUE, MONTHS_AHEAD, Partitioned
from database.partitions.months import month_of, months_from

MAKING = 7_316_017
"""Key of the advisory lock of whoever makes or drops partitions."""
MOST_MOVED = 20_000
"""Rows that are moved while nobody else may write a hot table's default partition: about a second
(1.2 s on two busy cores). Ours. More stay where they are, which costs time and nothing else.
"""
MOST_MONTHS = 24
"""Months of the default partition in one run. Ours."""
WAITS_MS = 500
"""For a lock. Ours: less than PostgreSQL takes to look for a deadlock, so this always yields."""
MOVES_MS = 1_500
"""For each of the three statements that hold a hot table. Ours: on a slow disk the move is put off,
and texts that wait for it do not come to their own limit of five seconds.
"""
ALONE = sql("SELECT pg_advisory_xact_lock(:key)")
YIELDS = sql("SELECT set_config('lock_timeout', :limit, true)")
IN_TIME = sql("SELECT set_config('statement_timeout', :limit, true)")
THERE = sql("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = :name ::regclass")


@dataclass
class Made:
    """Partitions that were made, and those that were not: the next run tries again."""

    names: list[str] = field(default_factory=list)
    held_up: list[str] = field(default_factory=list)
    """Others held the table for too long."""
    too_full: list[str] = field(default_factory=list)
    """Too much would have to move out of the default partition."""


async def months_there(session: AsyncSession, of: Partitioned) -> list[datetime]:
    """Return the beginnings of the months that have a partition, the first one first."""
    names = await session.scalars(THERE, {"name": of.table})
    found = (of.month_in(name) for name in names)
    return sorted(month for month in found if month)


async def make_ahead(sessions: Sessions, now: datetime) -> Made:
    """Make the partitions of this month and the next ones, and of months that have rows.

    Any number of processes may call it at once.
    """
    made = Made()
    for table in CATALOGUE:
        async with sessions() as session:
            there = set(await months_there(session, table))
            stray = await session.scalars(sql(_stray(table)), {"most": MOST_MONTHS})
            wanted = {*months_from(now, MONTHS_AHEAD), *(month_of(one) for one in stray)}
        for month in sorted(wanted - there):
            await _make(sessions, table, month, made)
    return made


async def _make(sessions: Sessions, table: Partitioned, month: datetime, made: Made) -> None:
    name = table.name_of(month)
    try:
        async with sessions.begin() as session:
            await take_turns(session)
            if month in await months_there(session, table):
                return
            if table.is_hot and await _moves_too_much(session, table, month):
                made.too_full.append(name)
                return
            if table.is_hot:
                await session.execute(IN_TIME, {"limit": f"{MOVES_MS}ms"})
            for statement in table.making(month):
                await session.execute(sql(statement))
    except OperationalError as error:
        if not is_cut_short(error):
            raise
        made.held_up.append(name)
    else:
        made.names.append(name)


async def take_turns(session: AsyncSession) -> None:
    """Wait for others who make or drop partitions; from then on, wait shortly for any lock."""
    await session.execute(ALONE, {"key": MAKING})
    await session.execute(YIELDS, {"limit": f"{WAITS_MS}ms"})


async def _moves_too_much(session: AsyncSession, table: Partitioned, month: datetime) -> bool:
    its = table.within(month)
    some = f"SELECT FROM {table.default} WHERE {its} LIMIT :most"
    query = sql(f"SELECT count(*) FROM ({some}) AS found")  # noqa: S608 - names of ours
    return (await session.scalar(query, {"most": MOST_MOVED + 1}) or 0) > MOST_MOVED


def _stray(table: Partitioned) -> str:
    month = f"date_trunc('month', {table.column} AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'"
    return f"SELECT DISTINCT {month} FROM {table.default} ORDER BY 1 LIMIT :most"  # noqa: S608
