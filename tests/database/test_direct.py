"""Direct statements: bounded, each its own transaction, on connections that recover."""

import asyncio
from contextlib import suppress
from random import Random

import psycopg
import pytest
from sqlalchemy import text

from database import direct
from database.connections import driver_url
from database.direct import Direct, PooledConnection
from database.engine import Sessions
from tests.fixtures.centre import eventually

PID, KILL = b"SELECT pg_backend_pid()", b"SELECT pg_terminate_backend(%(pid)s, 10000)"
"""Killing waits until the server has ended the connection."""
LOCKED = b"SELECT pg_backend_pid() FROM pg_advisory_xact_lock_shared(1)"
WAITING = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event = 'advisory'"""


async def pid(sessions: Sessions) -> object:
    row = await sessions.direct.fetch_one(PID, {})
    assert row is not None
    return row[0]


async def test_a_connection_is_used_again(session_factory: Sessions) -> None:
    assert await pid(session_factory) == await pid(session_factory)


async def test_a_connection_the_server_closed_is_not_used_again(session_factory: Sessions) -> None:
    first = await pid(session_factory)
    async with session_factory() as session:
        connection = await session.connection()
        await connection.exec_driver_sql(KILL.decode(), {"pid": first})
    assert await pid(session_factory) != first


async def test_more_statements_than_connections_wait_their_turn(session_factory: Sessions) -> None:
    pids = await asyncio.gather(*(pid(session_factory) for _ in range(20)))
    assert len(set(pids)) <= session_factory.direct.size


async def test_a_statement_that_fails_leaves_nothing_behind(session_factory: Sessions) -> None:
    with pytest.raises(psycopg.errors.UndefinedTable):
        await session_factory.direct.fetch_one(b"SELECT * FROM no_such_table", {})
    assert await session_factory.direct.fetch_one(b"SELECT 1", {}) == (1,)


async def test_a_statement_that_is_cancelled_leaves_nothing_behind(
    session_factory: Sessions,
) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await session_factory.direct.fetch_one(b"SELECT pg_sleep(60)", {})
    assert await session_factory.direct.fetch_one(b"SELECT 1", {}) == (1,)


async def test_a_cancellation_that_the_pool_lost_is_heeded(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a loop that is to end would go on for ever."""
    one = Direct(driver_url(database_url), 1)
    give = one._pool.getconn

    async def gives_all_the_same(timeout: float | None = None) -> PooledConnection:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        return await give(timeout)

    monkeypatch.setattr(one._pool, "getconn", gives_all_the_same)
    task = asyncio.create_task(one.fetch_one(b"SELECT 1", {}))
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    monkeypatch.undo()
    assert await one.fetch_one(b"SELECT 1", {}) == (1,)
    await one.close()


async def test_statements_that_are_cancelled_at_any_moment_cost_no_connection(
    session_factory: Sessions,
) -> None:
    """Also while they give their connection back: else a busy process ends with none."""
    moments = Random(1)

    async def cancelled_often() -> None:
        for _ in range(100):
            with suppress(TimeoutError, psycopg.Error):
                async with asyncio.timeout(moments.uniform(0, 0.02)):
                    await session_factory.direct.fetch_one(b"SELECT pg_sleep(0.002)", {})

    await asyncio.gather(*(cancelled_often() for _ in range(20)))
    size = session_factory.direct.size
    async with session_factory.begin() as session:
        await session.execute(text("SELECT pg_advisory_xact_lock(1)"))
        asking = [
            asyncio.create_task(session_factory.direct.fetch_one(LOCKED, {})) for _ in range(size)
        ]

        async def all_wait() -> bool:
            async with session_factory() as another:  # within one transaction nothing changes
                return bool(await another.scalar(text(WAITING)) == size)

        await eventually(all_wait)
    assert len(set(await asyncio.gather(*asking))) == size


async def test_connections_that_were_all_closed_meanwhile_are_all_replaced(
    session_factory: Sessions,
) -> None:
    """As after a restart of the server: callers do not fail once for each old connection."""
    sleeping = (session_factory.direct.fetch_one(b"SELECT pg_sleep(0.05)", {}) for _ in range(5))
    await asyncio.gather(*sleeping)
    async with session_factory() as session:
        connection = await session.connection()
        await connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid != pg_backend_pid()"
        )
    asking = (session_factory.direct.fetch_one(b"SELECT 1", {}) for _ in range(10))
    assert await asyncio.gather(*asking) == [(1,)] * 10


async def test_all_waiting_callers_get_an_error_when_a_connection_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(direct, "WAIT_SECONDS", 1_000.0)
    nowhere = Direct(driver_url("postgresql://nobody@127.0.0.1:1/nothing"), 2)
    asking = (nowhere.fetch_one(b"SELECT 1", {}) for _ in range(10))
    told = await asyncio.gather(*asking, return_exceptions=True)
    assert {type(error) for error in told} == {psycopg.OperationalError}
    await nowhere.close()


async def test_a_caller_that_arrives_while_waiting_callers_get_an_error_gets_one_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Attempts to connect fail at once, while those who waited are just getting the error."""
    monkeypatch.setattr(direct, "WAIT_SECONDS", 1_000.0)
    nowhere = Direct(driver_url("postgresql://nobody@127.0.0.1:1/nothing"), 5)

    async def ask_often(number: int) -> set[type[BaseException]]:
        told: set[type[BaseException]] = set()
        for _ in range(40):
            await asyncio.sleep(number / 5_000)
            [error] = await asyncio.gather(
                nowhere.fetch_one(b"SELECT 1", {}), return_exceptions=True
            )
            assert isinstance(error, BaseException)
            told.add(type(error))
        return told

    told = await asyncio.gather(*(ask_often(number) for number in range(20)))
    assert set[type].union(*told) == {psycopg.OperationalError}
    await nowhere.close()


async def test_a_caller_after_the_close_gets_an_error(session_factory: Sessions) -> None:
    assert await session_factory.direct.fetch_one(b"SELECT 1", {}) == (1,)
    await session_factory.direct.close()
    with pytest.raises(psycopg.OperationalError):
        await session_factory.direct.fetch_one(b"SELECT 1", {})
