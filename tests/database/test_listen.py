"""Listening: nothing is missed while connected, and a lost connection recovers."""

import asyncio
from contextlib import aclosing

from sqlalchemy import func, select, text

from database.engine import Sessions
from database.listen import Listening, Notification, notifications, wakeups
from tests.fixtures.centre import PATIENCE_SECONDS


async def tell(sessions: Sessions, channel: str, payload: str) -> None:
    async with sessions.begin() as session:
        await session.execute(select(func.pg_notify(channel, payload)))


async def test_notifications_arrive_in_order(database_url: str, session_factory: Sessions) -> None:
    async with aclosing(notifications(database_url, ["a", "b"])) as received:
        assert await anext(received) == Listening()
        await tell(session_factory, "a", "1")
        await tell(session_factory, "c", "not for us")
        await tell(session_factory, "b", "2")
        assert await anext(received) == Notification("a", "1")
        assert await anext(received) == Notification("b", "2")


async def test_a_broken_connection_comes_back_and_says_so(
    database_url: str, session_factory: Sessions
) -> None:
    async with aclosing(notifications(database_url, ["a"], name="to-be-cut")) as received:
        assert await anext(received) == Listening()
        async with session_factory.begin() as session:
            await session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE application_name = 'to-be-cut'"
                )
            )
        assert await anext(received) == Listening()
        await tell(session_factory, "a", "after")
        assert await anext(received) == Notification("a", "after")


async def test_wakeups_are_collected_until_they_are_read(
    database_url: str, session_factory: Sessions
) -> None:
    async with wakeups(database_url, "work", name="test") as woken:
        assert await woken.next(5) == frozenset(), "the connection stands: look for yourself"
        await tell(session_factory, "work", "acme")
        await tell(session_factory, "work", "globex")
        told: set[str] = set()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while told != {"acme", "globex"}:
                told |= await woken.next(1)
        assert await woken.next(0.01) == frozenset()
