"""The hot path: single statements straight on the driver, each its own transaction.

A session costs about a millisecond of CPU before and after what it asks, a statement here a tenth
of that. Only what runs for every text stands on it.
"""

import asyncio
import select
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Self

import psycopg
from psycopg.pq import TransactionStatus
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncSession

from database.connections import Connection, settings_of

WAIT_SECONDS = 5.0
"""For a connection: whoever is later than that is told that the database is away."""
PLANS = "-c plan_cache_mode=force_generic_plan -c jit=off"
"""Rows are found by their keys: looking for a better plan costs more than running it."""

Row = tuple[Any, ...]
Executor = Callable[[bytes, Mapping[str, object]], Awaitable[Row | None]]
"""What a query may ask with that runs directly here and in a session there."""


class Direct:
    """Connections for statements that need no session; opened when needed, kept, and bounded.

    The pool is psycopg's own. By itself it lets everybody wait who asks while the server cannot be
    reached; here they are told at the first attempt to connect that fails.
    """

    def __init__(self, url: URL, size: int) -> None:
        self.size = size
        self._waiting: dict[asyncio.Timeout, float] = {}
        settings = settings_of(url)
        settings["options"] = f"{settings.get('options', '')} {PLANS}"
        self._pool = AsyncConnectionPool(
            connection_class=PooledConnection,
            kwargs={"autocommit": True, "failed": self._cannot_connect, **settings},
            min_size=0,
            max_size=size,
            open=False,
            check=self._require_no_news,
            timeout=2 * WAIT_SECONDS,  # `_taken` is sooner
            reconnect_timeout=0,  # who asks next tries again: nobody waits for a back-off to end
        )
        self.answered_at = time.monotonic()
        """When a statement was last answered (monotonic seconds)."""

    async def fetch_one(self, statement: bytes, values: Mapping[str, object]) -> Row | None:
        """Run a statement with `%(name)s` in it; return the first row of its answer, if any.

        Raises `psycopg.Error`, of which `database.away.is_away` says when PostgreSQL is away.
        """
        async with self._connection() as connection:
            cursor = await connection.execute(statement, values)
            self.answered_at = time.monotonic()
            return await cursor.fetchone() if cursor.description else None

    async def fetch_all(self, statement: bytes, values: Mapping[str, object]) -> list[Row]:
        """Run a statement that answers with rows; return them all. Raises as `one` does."""
        async with self._connection() as connection:
            cursor = await connection.execute(statement, values)
            self.answered_at = time.monotonic()
            return await cursor.fetchall()

    async def close(self) -> None:
        """Close what is idle; what still runs is closed when it is done."""
        await self._pool.close()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        connection = await self._taken()
        try:
            yield connection
        except psycopg.OperationalError:
            if connection.closed:  # what became of one has most likely become of all
                await self._pool.drain()
            raise
        finally:
            if connection.pgconn.transaction_status != TransactionStatus.IDLE:
                connection.pgconn.finish()  # left in the middle of a statement
            # Whoever is cancelled while the pool is busy gives it back all the same.
            await asyncio.shield(self._pool.putconn(connection))

    async def _taken(self) -> "PooledConnection":
        if self._pool.closed:
            await self._pool.open()
        try:
            async with asyncio.timeout(WAIT_SECONDS) as patience:
                self._waiting[patience] = time.monotonic()
                try:
                    return await self._pool.getconn()
                finally:
                    del self._waiting[patience]
        except TimeoutError as error:
            raise psycopg.OperationalError("no connection could be made, or became free") from error

    def _cannot_connect(self, began: float) -> bool:
        """End the waiting of all who waited when a failed attempt to connect began.

        Returns whether others have come since, for whom another attempt is due.
        """
        now = asyncio.get_running_loop().time()
        told = [patience for patience, since in self._waiting.items() if since <= began]
        for patience in told:
            if not patience.expired():  # else another attempt, which failed as well, has told them
                patience.reschedule(now)
        return len(told) < len(self._waiting)

    async def _require_no_news(self, connection: Connection) -> None:
        """Refuse an idle connection that the server has closed meanwhile, without asking it."""
        if _has_news(connection):
            connection.pgconn.finish()
            await self._pool.drain()
            raise psycopg.OperationalError("the connection was closed while idle")


class PooledConnection(Connection):
    """A connection that is tried again for those who asked while an attempt failed."""

    @classmethod
    async def connect(cls, conninfo: str = "", **settings: Any) -> Self:
        failed: Callable[[float], bool] = settings.pop("failed")
        while True:
            began = time.monotonic()
            try:
                return await super().connect(conninfo, **settings)
            except psycopg.Error:
                if not failed(began):
                    raise


def _has_news(connection: Connection) -> bool:
    """Say whether an idle connection's socket is readable: it was closed, or soon will be."""
    poll = select.poll()
    poll.register(connection.pgconn.socket, select.POLLIN)
    return bool(poll.poll(0))


def in_session(session: AsyncSession) -> Executor:
    """Return what asks as `Direct.one` does, in a session's transaction."""

    async def one(statement: bytes, values: Mapping[str, object]) -> Row | None:
        connection = await session.connection()
        found = await connection.exec_driver_sql(statement.decode(), dict(values))
        row = found.first() if found.returns_rows else None
        return tuple(row) if row is not None else None

    return one
