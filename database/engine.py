"""The engine and its sessions. One session is one transaction, committed at the edge."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import URL, event, make_url
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from database.direct import Direct

STATEMENT_TIMEOUT_MS = 10_000
LOCK_TIMEOUT_MS = 5_000

DIRECT_SIZE = 5


class Sessions(async_sessionmaker[AsyncSession]):
    """Makes sessions: `async with sessions.begin() as session` is a transaction.

    `direct` runs the few statements that every text needs.
    """

    def __init__(self, engine: AsyncEngine, direct: Direct) -> None:
        super().__init__(engine, expire_on_commit=False)
        self.direct = direct


def driver_url(database_url: str) -> URL:
    """Return a PostgreSQL address with the one driver we use, psycopg 3."""
    return make_url(database_url).set(drivername="postgresql+psycopg")


def create_engine(
    database_url: str, *, pool_size: int = 10, name: str = "switchboard"
) -> AsyncEngine:
    """Make the engine of one process; `name` is what PostgreSQL's own views show."""
    return create_async_engine(
        driver_url(database_url).update_query_dict(_connection_settings(name)),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        pool_pre_ping=True,
        hide_parameters=True,  # errors are logged, and parameters are numbers and texts
    )


def _connection_settings(name: str) -> dict[str, str]:
    return {
        "application_name": name,
        "connect_timeout": "5",
        "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} "
        f"-c lock_timeout={LOCK_TIMEOUT_MS} -c timezone=UTC",
    }


def create_sessions(engine: AsyncEngine, *, direct_size: int = DIRECT_SIZE) -> Sessions:
    """Make the factory of sessions, with connections of its own for direct statements."""
    direct = Direct(engine.url, direct_size)
    event.listen(engine.sync_engine, "engine_disposed", lambda _engine: direct.close())
    return Sessions(engine, direct)


@asynccontextmanager
async def opened(database_url: str, *, pool_size: int = 10, name: str) -> AsyncIterator[Sessions]:
    """Open the database for the length of a block; half of the connections are direct ones."""
    direct_size = pool_size // 2
    engine = create_engine(database_url, pool_size=pool_size - direct_size, name=name)
    try:
        yield create_sessions(engine, direct_size=direct_size)
    finally:
        await engine.dispose()
