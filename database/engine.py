"""Creates the engine and its sessions. One session is one transaction, committed at the edge."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from sqlalchemy import AdaptedConnection, event
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import text as sql
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.util import await_only

from database.auditing.acting import AuditedSession
from database.clock import SharedClock
from database.connections import Connection, limited_url
from database.direct import Direct
from database.erasing.suppression import SETTING
from database.pooler import keys_in
from database.pools import PoolState, TimedPool

DIRECT_SIZE = 5
BRING = sql("SELECT set_config(:name, :keys, true)")


class Sessions(async_sessionmaker[AsyncSession]):
    """Makes sessions: `async with sessions.begin() as session` is a transaction.

    `direct` runs the few statements that run for every text. `clock` is the time of all processes.
    """

    def __init__(self, engine: AsyncEngine, direct: Direct) -> None:
        super().__init__(engine, expire_on_commit=False, sync_session_class=AuditedSession)
        self.direct = direct
        self.clock = SharedClock(direct)
        self._engine = engine
        self._answered_at = time.monotonic()
        event.listen(engine.sync_engine, "checkin", self._given_back)

    @property
    def answered_at(self) -> float:
        """The time of the database's last answer in this process (monotonic seconds)."""
        return max(self._answered_at, self.direct.answered_at)

    @property
    def pool_state(self) -> PoolState:
        """How busy the connections of sessions are; those of `direct` are counted there."""
        pool = self._engine.pool
        if not isinstance(pool, TimedPool):
            raise TypeError("this engine was not made here")
        return pool.state

    def _given_back(self, connection: AdaptedConnection | None, _record: object) -> None:
        if connection is not None:  # else it was lost
            self._answered_at = time.monotonic()


def create_engine(
    database_url: str,
    *,
    pool_size: int = 10,
    name: str = "switchboard",
    has_transactions: bool = True,
    suppression_keys: str = "",
) -> AsyncEngine:
    """Make the engine of one process; `name` appears in PostgreSQL's own views.

    `has_transactions`: without them each statement stands alone, and reading is cheaper; whether a
    connection still answers shows only when it is used. `suppression_keys`: by which numbers that
    were erased are recognised; a process without them adds no consumers to accounts that have such.
    """
    options = {} if has_transactions else {"isolation_level": "AUTOCOMMIT"}
    engine = create_async_engine(
        limited_url(database_url, name, suppression_keys),
        **options,
        poolclass=TimedPool,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        connect_args={"async_creator_fn": Connection.connect},
        hide_parameters=True,  # errors are logged, and parameters hold phone numbers and texts
    )
    check = _require_answer if has_transactions else _require_no_news
    event.listen(engine.sync_engine, "checkout", check)
    if keys := keys_in(engine.url):
        event.listen(engine.sync_engine, "begin", partial(_bring, keys))
    return engine


def _bring(keys: str, connection: SyncConnection) -> None:
    """Bring the keys of erased numbers into a transaction, because a pooler keeps none."""
    connection.execute(BRING, {"name": SETTING, "keys": keys})


def _require_answer(connection: AdaptedConnection, _record: object, _proxy: object) -> None:
    """Make the pool replace a connection that no longer answers, and test its other connections.

    SQLAlchemy's own pre-ping has no time limit. A cancelled pre-ping also hides the cancellation
    behind an error of the connection.
    """
    if not connection.run_async(_answers):
        raise InvalidatePoolError


def _require_no_news(connection: AdaptedConnection, _record: object, _proxy: object) -> None:
    """Make the pool replace a connection that the server has closed, without a round trip."""
    driver = connection.driver_connection
    if not isinstance(driver, Connection) or driver.closed or driver.has_news:
        raise InvalidatePoolError


async def _answers(connection: Any) -> bool:
    return isinstance(connection, Connection) and await connection.answers()


def create_sessions(engine: AsyncEngine, *, direct_size: int = DIRECT_SIZE) -> Sessions:
    """Make the factory of sessions, with its own connections for direct statements."""
    direct = Direct(engine.url, direct_size)
    event.listen(engine.sync_engine, "engine_disposed", lambda _engine: await_only(direct.close()))
    return Sessions(engine, direct)


@asynccontextmanager
async def opened(
    database_url: str,
    *,
    pool_size: int = 10,
    name: str,
    has_transactions: bool = True,
    suppression_keys: str = "",
) -> AsyncIterator[Sessions]:
    """Open the database for the duration of a block; half of the connections are direct ones."""
    direct_size = pool_size // 2
    engine = create_engine(
        database_url,
        pool_size=pool_size - direct_size,
        name=name,
        has_transactions=has_transactions,
        suppression_keys=suppression_keys,
    )
    try:
        yield create_sessions(engine, direct_size=direct_size)
    finally:
        await engine.dispose()
