"""The network to PostgreSQL fails silently: every wait ends, and all recovers afterwards."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing

import psycopg
import pytest
from sqlalchemy import text

from database import connections
from database.away import NOT_DONE
from database.engine import Sessions, create_engine, create_sessions
from database.listen import Listening, Notification, notifications
from tests.fixtures.lost_database import SOON, impatient, lost
from tests.fixtures.proxy import Proxy, proxy_to

Question = Callable[[Sessions], Awaitable[object]]


@pytest.fixture
async def way(database_url: str) -> AsyncIterator[Proxy]:
    async with proxy_to(database_url) as proxy:
        yield proxy


@pytest.fixture
async def sessions(way: Proxy, database_url: str) -> AsyncIterator[Sessions]:
    engine = create_engine(way.url(database_url), pool_size=2)
    yield create_sessions(engine)
    await engine.dispose()


async def ask(sessions: Sessions) -> object:
    async with sessions.begin() as session:
        return await session.scalar(text("SELECT 1"))


async def ask_directly(sessions: Sessions) -> object:
    row = await sessions.direct.fetch_one(b"SELECT 1", {})
    return row and row[0]


@pytest.mark.parametrize("question", [ask, ask_directly])
async def test_a_caller_gets_an_error_and_is_answered_once_the_connection_is_back(
    way: Proxy, sessions: Sessions, question: Question
) -> None:
    asking = (question(sessions) for _ in range(2))
    assert await asyncio.gather(*asking) == [1, 1]
    with lost(way):
        for _ in range(2):
            with pytest.raises(NOT_DONE):
                await question(sessions)
    asking = (question(sessions) for _ in range(6))
    assert await asyncio.gather(*asking) == [1] * 6


async def test_a_transaction_that_loses_its_connection_ends_with_an_error(
    way: Proxy, sessions: Sessions
) -> None:
    async with sessions() as session:
        await session.execute(text("SELECT pg_advisory_xact_lock(1)"))
        with lost(way), pytest.raises(NOT_DONE):
            await session.execute(text("SELECT 1"))
    assert await ask(sessions) == 1


async def test_a_server_that_hears_no_more_of_a_transaction_frees_its_locks(
    way: Proxy, database_url: str, session_factory: Sessions
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(connections.SERVER_SETTINGS, "idle_in_transaction_session_timeout", 1500)
        engine = create_engine(way.url(database_url))
        session = create_sessions(engine)()
        await session.execute(text("SELECT pg_advisory_xact_lock(1)"))
    way.swallow()
    async with session_factory.begin() as another:
        await another.execute(text("SELECT pg_advisory_xact_lock(1)"))
    with impatient(), pytest.raises(NOT_DONE):
        await session.execute(text("SELECT 1"))
    await session.close()
    await engine.dispose()


async def test_connections_that_are_torn_are_replaced(way: Proxy, sessions: Sessions) -> None:
    assert [await ask(sessions), await ask_directly(sessions)] == [1, 1]
    way.reset()
    await asyncio.sleep(0.1)
    assert [await ask(sessions), await ask_directly(sessions)] == [1, 1]


async def test_a_listener_notices_a_lost_connection_by_itself(
    way: Proxy, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("database.listen.LONGEST_SILENCE_SECONDS", 0.2)
    async with aclosing(notifications(way.url(database_url), ["a"])) as received:
        assert await anext(received) == Listening()
        with lost(way):
            again = asyncio.create_task(anext(received))
            await asyncio.sleep(2 * SOON)
        heard = await again
        assert heard == Listening()
        while heard == Listening():  # a busy machine may lose its connection to the short limit
            await tell(database_url)
            heard = await anext(received)
        assert heard == Notification("a", "after")


async def tell(database_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(database_url) as other:
        await other.execute("SELECT pg_notify('a', 'after')")


async def test_a_cancelled_statement_ends_as_cancelled_and_at_once(
    way: Proxy, sessions: Sessions
) -> None:
    """Also while a connection is checked before it is used again."""
    await ask(sessions)
    way.swallow()
    asking = asyncio.create_task(ask(sessions))
    await asyncio.sleep(0.1)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    way.restore()
    assert await ask(sessions) == 1
