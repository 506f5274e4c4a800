"""Lets statements of a transaction take longer than those that somebody waits for.

The server ends a statement, and the client gives up waiting for it, after some seconds: both limits
have to be moved.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.connections import Connection

LONGER_SECONDS = 2.0
"""Ours: so that usually the server reports what took too long."""
HAS_TIME = sql("SELECT set_config('statement_timeout', :limit, true)")


@asynccontextmanager
async def patience(session: AsyncSession, seconds: float) -> AsyncIterator[None]:
    """Let each statement of a block take so long; on the server, of its transaction."""
    raw = await (await session.connection()).get_raw_connection()
    connection = raw.driver_connection
    if not isinstance(connection, Connection):
        raise TypeError(f"{type(connection).__name__} has no limit to move")
    await session.execute(HAS_TIME, {"limit": f"{seconds * 1000:.0f}ms"})
    before, connection.answer_seconds = connection.answer_seconds, seconds + LONGER_SECONDS
    try:
        yield
    finally:
        connection.answer_seconds = before
