"""Erases, counts and reads what `database.erasing.tables` names, some at a time."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.erasing.naming import naming
from database.erasing.tables import PERSONAL, Personal
from database.tables.base import Table
from domain.erasure.sought import NOBODY, Sought

FORGETS = sql("SELECT set_config('switchboard.forgets', :how, true)")
FILES = "media_file"
FORGET_FILES = sql("DELETE FROM media_file WHERE id = ANY(:ids)")


@dataclass(frozen=True)
class About:
    """What is erased: conversations that have ended and, in an erasure, the consumers.

    Or by itself: `texts` without a conversation, or what is older than `days` are `now`.
    """

    account_id: str
    conversations: Sequence[UUID]
    consumers: Sequence[UUID] = ()
    sought: Sought = NOBODY
    texts: Sequence[UUID] = ()
    now: datetime | None = None
    days: int | None = None
    naming: Sequence[UUID] = ()
    """Rows of the table in hand whose filters ask for the consumers."""

    @property
    def values(self) -> dict[str, Any]:
        ids = [str(one) for one in (*self.consumers, *self.conversations)]
        return {
            "account": self.account_id,
            "conversations": list(self.conversations),
            "consumers": list(self.consumers),
            "phones": list(self.sought.phones),
            "digits": list(self.sought.digits),
            "pattern": self.sought.pattern,
            "whole": list(self.sought.whole),
            "ends": self.sought.ends,
            "texts": list(self.texts),
            "naming": list(self.naming),
            "now": self.now,
            "days": self.days,
            "marks": [f"%{one}%" for one in (*ids, *self.sought.digits)],
        }

    def ways(self, table: Personal) -> Iterator[str]:
        """Yield the conditions by which rows of a table are found."""
        if self.texts:
            yield from table.by_text
            return
        if self.days is not None:
            yield from (f"({way}) AND NOT ({table.stays})" for way in table.by_age)
            return
        yield from table.by_conversation
        if self.consumers:
            yield from table.by_consumer


@dataclass(frozen=True)
class Bounded:
    """How many of something there are; at least, where not all was looked at."""

    count: int
    is_whole: bool = True


async def erase(session: AsyncSession, name: str, about: About, limit: int) -> int:
    """Erase rows of a table, at most about `limit`. Returns how many were; 0: none is left."""
    table, gone = PERSONAL[name], 0
    about = await _with_naming(session, name, about)
    if table.needs:
        await session.execute(FORGETS, {"how": table.needs})
    for way in about.ways(table):
        if gone >= limit:
            break
        result = await session.execute(_bound(_erasing(name, table, way), about, limit - gone))
        gone += int(getattr(result, "rowcount", 0))
    return gone


async def ids(session: AsyncSession, name: str, about: About, limit: int) -> list[UUID]:
    """Return ids of rows of a table that are to be erased, at most so many."""
    about = await _with_naming(session, name, about)
    found = _any(name, list(about.ways(PERSONAL[name])))
    return list(await session.scalars(_bound(f"{found} LIMIT :limit", about, limit)))


async def count(session: AsyncSession, name: str, about: About) -> int:
    """Return how many rows of a table hold something about somebody."""
    table = PERSONAL[name]
    about = await _with_naming(session, name, about)
    ways = [_left(table, way) for way in about.ways(table)]
    if not ways:
        return 0
    query = f"SELECT count(*) FROM ({_any(name, ways)}) AS found"  # noqa: S608 - our own words
    return await session.scalar(_bound(query, about)) or 0


async def count_oldest(session: AsyncSession, name: str, about: About, most: int) -> Bounded:
    """Count what goes of a table with age, of the `most` oldest rows alone.

    What stays is looked up row by row, which nobody waits for where millions are old.
    """
    table = PERSONAL[name]
    order = f"ORDER BY {table.oldest}" if table.oldest else ""
    old = " UNION ALL ".join(
        f"(SELECT * FROM {name} WHERE {way} {order} LIMIT :limit)"  # noqa: S608 - our own words
        for way in table.by_age
    )
    query = f"""
        SELECT count(*), count(*) FILTER (WHERE NOT ({table.stays})) FROM ({old}) AS {name}
    """  # noqa: S608 - our own words
    looked, going = (await session.execute(_bound(query, about, most + 1))).one()
    return Bounded(min(going, most), is_whole=looked <= most)


async def page(
    session: AsyncSession, name: str, about: About, after: Sequence[Any] | None, limit: int
) -> list[tuple[dict[str, Any], Sequence[Any]]]:
    """Return rows of a table as JSON values, each with its place, from a place on."""
    about = await _with_naming(session, name, about)
    keys = _keys(name)
    listed = ", ".join(keys)
    beyond = f"AND ({listed}) > ({', '.join(f':k{n}' for n, _ in enumerate(keys))})"
    theirs = _any(name, list(about.ways(PERSONAL[name])))
    query = (
        f"SELECT to_jsonb({name}), {listed} FROM {name} "  # noqa: S608 - our own words
        f"WHERE ({listed}) IN ({theirs}) {beyond if after else ''} ORDER BY {listed} LIMIT :limit"
    )
    places = {f"k{n}": value for n, value in enumerate(after or ())}
    bound = _bound(query, about, limit)
    rows = await session.execute(bound.bindparams(**places) if places else bound)
    return [(row[0], row[1:]) for row in rows]


async def _with_naming(session: AsyncSession, name: str, about: About) -> About:
    found = await naming(session, name, about.account_id, about.consumers)
    return replace(about, naming=found)


def _any(name: str, ways: Sequence[str]) -> str:
    """Return the query for the keys of rows that are found by any of several conditions.

    Each has its own index, which a condition with OR would not use.
    """
    keys = ", ".join(_keys(name))
    return " UNION ".join(f"SELECT {keys} FROM {name} WHERE {way}" for way in ways)  # noqa: S608


def _erasing(name: str, table: Personal, way: str) -> str:
    keys = ", ".join(_keys(name))
    left = _left(table, way)
    some = f"({keys}) IN (SELECT {keys} FROM {name} WHERE {left} LIMIT :limit)"  # noqa: S608
    if table.clears is None:
        return f"DELETE FROM {name} WHERE {some}"  # noqa: S608 - our own words
    changes = ", ".join(f"{column} = {value}" for column, value in table.clears.items())
    return f"UPDATE {name} SET {changes} WHERE {some}"  # noqa: S608 - our own words


def _left(table: Personal, way: str) -> str:
    """Return the condition of rows that hold something still."""
    if table.clears is None:
        return way
    differs = (f"{column} IS DISTINCT FROM {value}" for column, value in table.clears.items())
    return f"({way}) AND ({' OR '.join(differs)})"


def _keys(name: str) -> list[str]:
    return [column.name for column in Table.metadata.tables[name].primary_key]


def _bound(query: str, about: About, limit: int | None = None) -> Any:
    statement = sql(query)
    values = about.values | ({} if limit is None else {"limit": limit})
    named = set(re.findall(r"(?<!:):([a-z]+)", query))
    wanted = {name: value for name, value in values.items() if name in named}
    return statement.bindparams(**wanted)


async def files(session: AsyncSession, about: About, limit: int) -> list[UUID]:
    """Return files whose rows and objects are to go."""
    theirs = _any(FILES, list(about.ways(PERSONAL[FILES])))
    query = f"SELECT id FROM ({theirs}) AS found LIMIT :limit"  # noqa: S608 - our own words
    return list(await session.scalars(_bound(query, about, limit)))


async def forget_files(session: AsyncSession, ids: Sequence[UUID]) -> int:
    """Delete the rows of files whose objects are gone. Returns how many."""
    result = await session.execute(FORGET_FILES, {"ids": list(ids)})
    return int(getattr(result, "rowcount", 0))
