"""The hot path: single statements straight on the driver, each its own transaction.

A session costs about a millisecond of CPU before and after what it asks, a statement here a tenth
of that. Only what runs for every text stands on it.
"""

import asyncio
import select
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncSession

from database.connections import Connection, settings_of

WAIT_SECONDS = 5.0
"""For a connection: whoever is later than that is told that the database is away."""
PLANS = "-c plan_cache_mode=force_generic_plan -c jit=off"
"""Rows are found by their keys: looking for a better plan costs more than running it."""

Row = tuple[Any, ...]
Asked = Callable[[bytes, Mapping[str, object]], Awaitable[Row | None]]
"""What a query may ask with that runs directly here and in a session there."""


class Direct:
    """Connections for statements that need no session; opened when needed, kept, and bounded."""

    def __init__(self, url: URL, size: int) -> None:
        self.size = size
        self._url = url
        self._slots = asyncio.Semaphore(size)
        self._idle: deque[Connection] = deque()
        self._is_closed = False
        self.answered_at = time.monotonic()
        """When a statement was last answered (monotonic seconds)."""

    async def one(self, statement: bytes, values: Mapping[str, object]) -> Row | None:
        """Run a statement with `%(name)s` in it; return the first row of its answer, if any.

        Raises `psycopg.Error`, of which `database.away.AWAY` says when PostgreSQL is away.
        """
        async with self._connection() as connection:
            cursor = await connection.execute(statement, values)
            self.answered_at = time.monotonic()
            return await cursor.fetchone() if cursor.description else None

    async def all(self, statement: bytes, values: Mapping[str, object]) -> list[Row]:
        """Run a statement that answers with rows; return them all. Raises as `one` does."""
        async with self._connection() as connection:
            cursor = await connection.execute(statement, values)
            self.answered_at = time.monotonic()
            return await cursor.fetchall()

    def close(self) -> None:
        """Close what is idle; what still runs is closed when it is done."""
        self._is_closed = True
        self._close_idle()

    def _close_idle(self) -> None:
        for connection in self._idle:
            connection.pgconn.finish()
        self._idle.clear()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._slots.acquire()
        except TimeoutError as error:
            raise psycopg.OperationalError("no connection became free") from error
        try:
            connection = self._kept() or await self._opened()
            try:
                yield connection
            except psycopg.OperationalError:
                if connection.closed:  # what became of one has most likely become of all
                    self._close_idle()
                raise
            finally:
                self._give_back(connection)
        finally:
            self._slots.release()

    def _kept(self) -> Connection | None:
        """Return an idle connection that the server has not closed meanwhile."""
        while self._idle:
            connection = self._idle.pop()
            if not _has_news(connection):
                return connection
            connection.pgconn.finish()
        return None

    def _give_back(self, connection: Connection) -> None:
        is_usable = connection.info.transaction_status is TransactionStatus.IDLE
        if is_usable and not self._is_closed:
            self._idle.append(connection)
        else:  # broken, or left in the middle of a statement
            connection.pgconn.finish()

    async def _opened(self) -> Connection:
        settings = settings_of(self._url)
        settings["options"] = f"{settings.get('options', '')} {PLANS}"
        return await Connection.opened(autocommit=True, **settings)


def _has_news(connection: Connection) -> bool:
    """Say whether an idle connection's socket is readable: it was closed, or soon will be."""
    poll = select.poll()
    poll.register(connection.pgconn.socket, select.POLLIN)
    return bool(poll.poll(0))


def within(session: AsyncSession) -> Asked:
    """Return what asks as `Direct.one` does, in a session's transaction."""

    async def one(statement: bytes, values: Mapping[str, object]) -> Row | None:
        connection = await session.connection()
        found = await connection.exec_driver_sql(statement.decode(), dict(values))
        row = found.first() if found.returns_rows else None
        return tuple(row) if row is not None else None

    return one
