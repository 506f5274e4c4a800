"""Drops the partitions of months of which nothing is kept any longer, the oldest month first.

A conversation therefore loses its opening before anything else, and one that lacks its opening is
not counted anew: its figures stay as they are (`database.queries.reports.facts`).
"""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import is_cut_short
from database.engine import Sessions
from database.partitions.catalogue import ASIDE, CATALOGUE, Partitioned
from database.partitions.making import months_there, take_turns
from database.partitions.months import next_month
from database.patience import patience

STAYS = timedelta(days=62)
"""After a month's end. Ours: what is late, repeated or fetched afterwards still finds it."""
LOOKS_SECONDS = 120.0
"""For rows that keep their month. Ours: nobody writes it meanwhile, and hardly anybody wants to."""
AT_ONCE = 5_000
WORKS_SECONDS = 120.0
"""Of one run. Ours: the next one goes on."""
LEFT_ASIDE = sql("""
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname LIKE :like
    ORDER BY relname
""")


IS_THERE = sql("SELECT to_regclass(:name)::text")


@dataclass
class Dropped:
    """Partitions that are gone, and those whose turn it is as soon as others let go of them."""

    names: list[str] = field(default_factory=list)
    held_up: list[str] = field(default_factory=list)


async def drop_forgotten(sessions: Sessions, now: datetime) -> Dropped:
    """Detach and drop the months of which nothing is kept; safe to stop, and to repeat.

    Any number of processes may call it at once.
    """
    dropped, ends = Dropped(), time.monotonic() + WORKS_SECONDS
    for table in CATALOGUE:
        # What a run before left over goes first: its name may be needed.
        if table.keeps is not None and await _clear(sessions, table, ends, dropped):
            async with sessions() as session:
                there = await months_there(session, table)
            for month in there:
                is_over = next_month(month) + STAYS <= now and time.monotonic() < ends
                if not (is_over and await _detach(sessions, table, month, now, dropped)):
                    break
            await _clear(sessions, table, ends, dropped)
    return dropped


@asynccontextmanager
async def _turn(sessions: Sessions, name: str, dropped: Dropped) -> AsyncIterator[AsyncSession]:
    """Begin a transaction that nobody waits for long: it gives up, and the next run tries again."""
    try:
        async with sessions.begin() as session:
            await take_turns(session)
            yield session
    except OperationalError as error:
        if not is_cut_short(error):
            raise
        dropped.held_up.append(name)


async def _detach(
    sessions: Sessions, table: Partitioned, month: datetime, now: datetime, dropped: Dropped
) -> bool:
    """Detach a month unless it holds something; returns whether it is detached."""
    name = table.name_of(month)
    held_up = len(dropped.held_up)
    async with _turn(sessions, name, dropped) as session:
        if month in await months_there(session, table):
            # Nobody may add to it from here on. Everybody else reads and writes the other months.
            await session.execute(sql(f"LOCK TABLE {name} IN SHARE MODE"))
            if await _keeps(session, table, name, now):
                return False
            for statement in _detaching(table, name):
                await session.execute(sql(statement))
    return len(dropped.held_up) == held_up


async def _keeps(session: AsyncSession, table: Partitioned, name: str, now: datetime) -> bool:
    """Say whether a month is kept: by a row of its own, or by an older one without a month."""
    older = f"SELECT FROM {table.default} WHERE {table.column} < :after"
    kept = f"SELECT FROM {name} AS one WHERE {table.keeps}"
    query = sql(f"SELECT EXISTS ({older}) OR EXISTS ({kept})")
    month = table.month_in(name) or now
    values = {"now": now} if ":now" in str(table.keeps) else {}
    async with patience(session, LOOKS_SECONDS):
        return bool(await session.scalar(query, {"after": next_month(month), **values}))


def _detaching(table: Partitioned, name: str) -> Iterator[str]:
    yield f"ALTER TABLE {table.table} DETACH PARTITION {name}"
    yield f"ALTER TABLE {name} RENAME TO {name}_{ASIDE}"


async def _clear(sessions: Sessions, table: Partitioned, ends: float, dropped: Dropped) -> bool:
    """Drop the months that were detached; returns whether none is left."""
    like = f"{table.table}\\_____\\___\\_{ASIDE}"
    async with sessions() as session:
        aside = list(await session.scalars(LEFT_ASIDE, {"like": like}))
    for name in aside:
        while await _empty_more(sessions, table, name, dropped) and time.monotonic() < ends:
            pass
    async with sessions() as session:
        return not (await session.scalars(LEFT_ASIDE, {"like": like})).all()


async def _empty_more(sessions: Sessions, table: Partitioned, name: str, dropped: Dropped) -> bool:
    """Take away some of a detached month with what belongs to it, or drop it if that is done.

    Returns whether there is more to do.
    """
    async with _turn(sessions, name, dropped) as session:
        if await session.scalar(IS_THERE, {"name": name}) is None:
            return False
        for statement in table.with_it:
            taking = sql(statement.format(partition=name))
            if await session.scalar(taking, {"limit": AT_ONCE}):
                return True
        await session.execute(sql(f"DROP TABLE {name}"))
        dropped.names.append(name.removesuffix(f"_{ASIDE}"))
    return False
