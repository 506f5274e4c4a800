"""The engine and its sessions. One session is one transaction, committed at the edge."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import URL, make_url
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

STATEMENT_TIMEOUT_MS = 10_000
LOCK_TIMEOUT_MS = 5_000

Sessions = async_sessionmaker[AsyncSession]


def driver_url(database_url: str) -> URL:
    """Return a PostgreSQL address with the one driver we use, psycopg 3."""
    return make_url(database_url).set(drivername="postgresql+psycopg")


def create_engine(
    database_url: str, *, pool_size: int = 10, name: str = "switchboard"
) -> AsyncEngine:
    """Make the engine of one process; `name` is what PostgreSQL's own views show."""
    return create_async_engine(
        driver_url(database_url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        pool_pre_ping=True,
        hide_parameters=True,  # errors are logged, and parameters are numbers and texts
        connect_args={
            "application_name": name,
            "connect_timeout": 5,
            "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} "
            f"-c lock_timeout={LOCK_TIMEOUT_MS} -c timezone=UTC",
        },
    )


def create_sessions(engine: AsyncEngine) -> Sessions:
    """Make the factory of sessions: `async with sessions.begin() as session` is a transaction."""
    return async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def opened(database_url: str, *, pool_size: int = 10, name: str) -> AsyncIterator[Sessions]:
    """Open the database for the length of a block."""
    engine = create_engine(database_url, pool_size=pool_size, name=name)
    try:
        yield create_sessions(engine)
    finally:
        await engine.dispose()
