"""Drops the partitions of months of which nothing is kept any longer, the oldest month first.

A conversation therefore loses its opening before anything else, and one that lacks its opening is
not counted anew: its figures stay as they are (`database.queries.reports.facts`).
"""

import time
from collections.abc import Iterator
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

STAYS = timedelta(days=62)
"""After a month's end. Ours: what is late, repeated or fetched afterwards still finds it."""
LOOKS_SECONDS = 120
"""For rows that keep their month. Ours: nobody writes it meanwhile, and hardly anybody wants to."""
AT_ONCE = 5_000
WORKS_SECONDS = 120.0
"""Of one run. Ours: the next one goes on."""
HAS_TIME = sql("SELECT set_config('statement_timeout', :limit, true)")
LEFT_ASIDE = sql("""
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname LIKE :like
    ORDER BY relname
""")


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
        if table.keeps is None:
            continue
        async with sessions() as session:
            there = await months_there(session, table)
        for month in there:
            is_over = next_month(month) + STAYS <= now and time.monotonic() < ends
            if not (is_over and await _detach(sessions, table, month, now, dropped)):
                break
        for name in await _aside(sessions, table):
            if await _empty(sessions, table, name, ends):
                await _drop(sessions, name, dropped)
    return dropped


async def _detach(
    sessions: Sessions, table: Partitioned, month: datetime, now: datetime, dropped: Dropped
) -> bool:
    """Detach a month unless it holds something; returns whether it is detached."""
    name = table.name_of(month)
    try:
        async with sessions.begin() as session:
            await take_turns(session)
            if month not in await months_there(session, table):
                return True
            # Nobody may add to it from here on. Everybody else reads and writes the other months.
            await session.execute(sql(f"LOCK TABLE {name} IN SHARE MODE"))
            if await _keeps(session, table, name, now):
                return False
            for statement in _detaching(table, name):
                await session.execute(sql(statement))
    except OperationalError as error:
        if not is_cut_short(error):
            raise
        dropped.held_up.append(name)
        return False
    return True


async def _keeps(session: AsyncSession, table: Partitioned, name: str, now: datetime) -> bool:
    """Say whether a month is kept: by a row of its own, or by an older one without a month."""
    await session.execute(HAS_TIME, {"limit": f"{LOOKS_SECONDS}s"})
    older = f"SELECT FROM {table.default} WHERE {table.column} < :after"
    kept = f"SELECT FROM {name} AS one WHERE {table.keeps}"
    query = sql(f"SELECT EXISTS ({older}) OR EXISTS ({kept})")
    month = table.month_in(name) or now
    values = {"now": now} if ":now" in str(table.keeps) else {}
    return bool(await session.scalar(query, {"after": next_month(month), **values}))


def _detaching(table: Partitioned, name: str) -> Iterator[str]:
    yield f"ALTER TABLE {table.table} DETACH PARTITION {name}"
    yield f"ALTER TABLE {name} RENAME TO {name}_{ASIDE}"


async def _aside(sessions: Sessions, table: Partitioned) -> list[str]:
    like = f"{table.table}\\_____\\___\\_{ASIDE}"
    async with sessions() as session:
        return list(await session.scalars(LEFT_ASIDE, {"like": like}))


async def _empty(sessions: Sessions, table: Partitioned, name: str, ends: float) -> bool:
    """Take away what belongs to the rows of a detached month; returns whether it is done."""
    for statement in table.with_it:
        gone = AT_ONCE
        while gone >= AT_ONCE:
            if time.monotonic() >= ends:
                return False
            async with sessions.begin() as session:
                taking = sql(statement.format(partition=name))
                gone = int(await session.scalar(taking, {"limit": AT_ONCE}) or 0)
    return True


async def _drop(sessions: Sessions, name: str, dropped: Dropped) -> None:
    try:
        async with sessions.begin() as session:
            await take_turns(session)
            await session.execute(sql(f"DROP TABLE IF EXISTS {name}"))
    except OperationalError as error:
        if not is_cut_short(error):
            raise
        dropped.held_up.append(name)
    else:
        dropped.names.append(name)
