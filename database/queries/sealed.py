"""Stored secrets of every table, for a change of keys: read in batches, replaced if unchanged."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column as TableColumn
from sqlalchemy import ColumnElement, Table, Text, cast, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.auditing.tables import HIDDEN
from database.engine import Sessions
from database.tables.base import Table as Base

HASHES = frozenset({"password_hash", "token_hash"})
"""What is hidden and not encrypted: nothing of it is ever read again."""
ENCRYPTED = HIDDEN - HASHES
"""The names of columns that are encrypted, in whatever table."""
BATCH = 100
"""Rows read, and replaced, in one transaction. Ours."""


@dataclass(frozen=True)
class Place:
    """A column of secrets."""

    table: Table
    column: TableColumn[Any]

    @property
    def name(self) -> str:
        return f"{self.table.name}.{self.column.name}"


@dataclass(frozen=True)
class Sealed:
    """A stored secret. `key`: the values of its row's primary key."""

    place: Place
    key: tuple[Any, ...]
    value: bytes | str = field(repr=False)

    @property
    def token(self) -> bytes:
        return self.value.encode() if isinstance(self.value, str) else self.value


def places() -> Sequence[Place]:
    """Return every column of secrets, sorted by name."""
    found = [
        Place(table, column)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name in ENCRYPTED
    ]
    return sorted(found, key=lambda place: place.name)


async def batches(sessions: Sessions, place: Place) -> AsyncIterator[Sequence[Sealed]]:
    """Yield a column's secrets in the order of their rows' primary keys."""
    key = list(place.table.primary_key.columns)
    after: tuple[Any, ...] | None = None
    while True:
        query = select(*key, place.column).where(place.column.is_not(None)).order_by(*key)
        if after is not None:
            query = query.where(tuple_(*key) > tuple_(*after))
        async with sessions() as session:
            rows = (await session.execute(query.limit(BATCH))).all()
        if not rows:
            return
        yield [Sealed(place, tuple(row[:-1]), row[-1]) for row in rows]
        after = tuple(rows[-1][:-1])


async def replace(session: AsyncSession, old: Sealed, token: bytes) -> bool:
    """Store a secret anew. Returns False when somebody changed or removed it meanwhile."""
    table, column = old.place.table, old.place.column
    value: bytes | str = token.decode() if isinstance(old.value, str) else token
    changed = update(table).where(*_is(old), column == old.value).values({column: value})
    done = await session.execute(changed.returning(cast(table.primary_key.columns[0], Text)))
    return done.first() is not None


def _is(one: Sealed) -> Sequence[ColumnElement[bool]]:
    columns = one.place.table.primary_key.columns
    return [column == value for column, value in zip(columns, one.key, strict=True)]
