"""Direct statements: bounded, each its own transaction, on connections that come back."""

import asyncio

import psycopg
import pytest

from database.away import AWAY
from database.engine import Sessions

PID, KILL = b"SELECT pg_backend_pid()", b"SELECT pg_terminate_backend(%(pid)s)"


async def pid(sessions: Sessions) -> object:
    row = await sessions.direct.one(PID, {})
    assert row is not None
    return row[0]


async def test_a_connection_is_used_again(session_factory: Sessions) -> None:
    assert await pid(session_factory) == await pid(session_factory)


async def test_a_connection_the_server_closed_is_not_used_again(session_factory: Sessions) -> None:
    first = await pid(session_factory)
    async with session_factory() as session:
        connection = await session.connection()
        await connection.exec_driver_sql(KILL.decode(), {"pid": first})
    await asyncio.sleep(0.2)  # until the server has ended it
    assert await pid(session_factory) != first


async def test_more_statements_than_connections_wait_their_turn(session_factory: Sessions) -> None:
    pids = await asyncio.gather(*(pid(session_factory) for _ in range(20)))
    assert len(set(pids)) <= session_factory.direct.size


async def test_a_statement_that_fails_leaves_nothing_behind(session_factory: Sessions) -> None:
    with pytest.raises(psycopg.errors.UndefinedTable):
        await session_factory.direct.one(b"SELECT * FROM no_such_table", {})
    assert await session_factory.direct.one(b"SELECT 1", {}) == (1,)


async def test_a_statement_that_is_cancelled_leaves_nothing_behind(
    session_factory: Sessions,
) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await session_factory.direct.one(b"SELECT pg_sleep(60)", {})
    assert await session_factory.direct.one(b"SELECT 1", {}) == (1,)


def test_a_driver_that_cannot_connect_says_that_the_database_is_away() -> None:
    assert issubclass(psycopg.OperationalError, AWAY)
