"""The hot path: runs single statements directly on the driver, each as its own transaction.

A session adds about a millisecond of CPU to its statements, a direct statement a tenth of that. Use
it only for statements that run for every text.
"""

import asyncio
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
from database.erasing.suppression import SETTING
from database.pooler import is_pooler, keys_in
from database.pools import PoolState

WAIT_SECONDS = 5.0
"""Seconds to wait for a connection. After that the database is reported as unreachable."""
PLANS = "-c plan_cache_mode=force_generic_plan -c jit=off"
"""Rows are found by their keys, so searching for a better plan costs more than running it."""

BRING = b"SELECT set_config(%(name)s, %(keys)s, true)"

Row = tuple[Any, ...]
Executor = Callable[[bytes, Mapping[str, object]], Awaitable[Row | None]]
"""Runs a statement and returns its first row: `Direct.fetch_one`, or `in_session(session)`."""


class Direct:
    """A bounded pool of connections for statements that need no session.

    The pool is psycopg's own. By default it makes all callers wait while the server cannot be
    reached. Here they get the error of the first failed attempt to connect.
    """

    def __init__(self, url: URL, size: int) -> None:
        self.size = size
        self._failure: psycopg.Error | None = None
        self._waiting: dict[asyncio.Timeout, float] = {}
        settings, self._keys = settings_of(url), keys_in(url)
        if not is_pooler(url):
            settings["options"] = f"{settings.get('options', '')} {PLANS}"
        self._pool = AsyncConnectionPool(
            connection_class=PooledConnection,
            kwargs={"autocommit": True, "failed": self._cannot_connect, **settings},
            min_size=0,
            max_size=size,
            open=False,
            check=self._require_no_news,
            timeout=2 * WAIT_SECONDS,  # `_taken` is sooner
            reconnect_timeout=0,  # the next caller tries again at once, without a back-off
        )
        self.answered_at = time.monotonic()
        """The time of the last answer to a statement (monotonic seconds)."""
        self._in_use, self._taken_so_far, self._waited = 0, 0, 0.0

    @property
    def state(self) -> PoolState:
        """How busy the connections are."""
        return PoolState(self.size, self._in_use, self._taken_so_far, self._waited)

    async def fetch_one(self, statement: bytes, values: Mapping[str, object]) -> Row | None:
        """Run a statement with `%(name)s` placeholders; return the first row, if any.

        Raises `psycopg.Error`; `database.away.is_away` says whether PostgreSQL is unreachable.
        """
        async with self._connection() as connection:
            cursor = await self._executed(connection, statement, values)
            return await cursor.fetchone() if cursor.description else None

    async def fetch_all(self, statement: bytes, values: Mapping[str, object]) -> list[Row]:
        """Run a statement and return all its rows. Raises the same errors as `fetch_one`."""
        async with self._connection() as connection:
            return await (await self._executed(connection, statement, values)).fetchall()

    async def _executed(
        self, connection: Connection, statement: bytes, values: Mapping[str, object]
    ) -> psycopg.AsyncCursor[Row]:
        """Run a statement; behind a pooler with the keys, which no connection keeps there."""
        if self._keys:
            async with connection.transaction():
                await connection.execute(BRING, {"name": SETTING, "keys": self._keys})
                cursor = await connection.execute(statement, values)
        else:
            cursor = await connection.execute(statement, values)
        self.answered_at = time.monotonic()
        return cursor

    async def close(self) -> None:
        """Close the idle connections now, and each busy one when its statement is done."""
        await self._pool.close()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        task = asyncio.current_task()
        cancelled_before = task.cancelling() if task else 0
        began = time.monotonic()
        try:
            connection = await self._taken()
        finally:
            self._taken_so_far += 1
            self._waited += time.monotonic() - began
        self._in_use += 1
        try:
            # On Python 3.11 `asyncio.wait_for`, by which the pool waits, loses a cancellation that
            # comes together with what it waits for. A loop that is to end would go on for ever.
            if task and task.cancelling() > cancelled_before:
                raise asyncio.CancelledError
            yield connection
        except psycopg.OperationalError:
            if connection.closed:  # the others have most likely failed too
                await self._pool.drain()
            raise
        finally:
            self._in_use -= 1
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
                    connection = await self._pool.getconn()
                    self._failure = None
                    return connection
                finally:
                    del self._waiting[patience]
        except TimeoutError as error:
            why = str(self._failure) if self._failure else "no connection became free in time"
            raise psycopg.OperationalError(why) from error

    def _cannot_connect(self, began: float, error: psycopg.Error) -> bool:
        """End the wait of all callers that waited when a failed attempt to connect began.

        Returns whether other callers came since then, so that another attempt is needed.
        """
        self._failure = error
        now = asyncio.get_running_loop().time()
        expired = [patience for patience, since in self._waiting.items() if since <= began]
        for patience in expired:
            if not patience.expired():  # otherwise another failed attempt has ended it already
                patience.reschedule(now)
        return len(expired) < len(self._waiting)

    async def _require_no_news(self, connection: Connection) -> None:
        """Refuse an idle connection that the server has closed, without a round trip."""
        if connection.has_news:
            connection.pgconn.finish()
            await self._pool.drain()
            raise psycopg.OperationalError("the connection was closed while idle")


class PooledConnection(Connection):
    """A connection that is tried again for callers that came while an attempt failed."""

    @classmethod
    async def connect(cls, conninfo: str = "", **settings: Any) -> Self:
        failed: Callable[[float, psycopg.Error], bool] = settings.pop("failed")
        while True:
            began = time.monotonic()
            try:
                return await super().connect(conninfo, **settings)
            except psycopg.Error as error:
                if not failed(began, error):
                    raise


def in_session(session: AsyncSession) -> Executor:
    """Return an executor that runs statements in a session's transaction."""

    async def one(statement: bytes, values: Mapping[str, object]) -> Row | None:
        connection = await session.connection()
        found = await connection.exec_driver_sql(statement.decode(), dict(values))
        row = found.first() if found.returns_rows else None
        return tuple(row) if row is not None else None

    return one
