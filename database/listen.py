"""Notifications of PostgreSQL, on a connection of their own that comes back when it breaks."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

import psycopg
import structlog
from psycopg import sql

from database.connections import Connection, limited_url, settings_of

LONGEST_SILENCE_SECONDS = 5.0
"""After this the connection is tried: a dead one is otherwise just silent."""
TRIAL_SECONDS = 5.0
SHORTEST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 2.0

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Notification:
    """What was notified: `payload` is an account's id; of opt-outs a consumer's."""

    channel: str
    payload: str


@dataclass(frozen=True)
class Listening:
    """The connection stands (again). What was notified before is lost: look for yourself."""


async def notifications(
    database_url: str, channels: Sequence[str], *, name: str = "switchboard-listen"
) -> AsyncGenerator[Notification | Listening]:
    """Yield what is notified on some channels, for ever, through failures of the database."""
    pause = SHORTEST_PAUSE_SECONDS
    while True:
        try:
            async with aclosing(_on_one_connection(database_url, channels, name)) as received:
                async for item in received:
                    pause = SHORTEST_PAUSE_SECONDS
                    yield item
        except (psycopg.Error, OSError, TimeoutError) as error:
            log.warning("listen_interrupted", error=type(error).__name__, pause=pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


async def _on_one_connection(
    database_url: str, channels: Sequence[str], name: str
) -> AsyncGenerator[Notification | Listening]:
    settings = settings_of(limited_url(database_url, name))
    async with await Connection.connect(autocommit=True, **settings) as connection:
        for channel in channels:
            await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        yield Listening()
        while True:
            async for notify in connection.notifies(timeout=LONGEST_SILENCE_SECONDS):
                yield Notification(notify.channel, notify.payload)
            async with asyncio.timeout(TRIAL_SECONDS):
                await connection.execute("SELECT 1")


class Wakeups:
    """The accounts, or consumers, that were notified since one last looked."""

    def __init__(self) -> None:
        self._accounts: set[str] = set()
        self._woken = asyncio.Event()

    async def next(self, seconds: float) -> frozenset[str]:
        """Wait for a notification, at most `seconds`; return which, none after that."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return frozenset()
        self._woken.clear()
        accounts, self._accounts = frozenset(self._accounts), set()
        return accounts

    async def collect(self, database_url: str, channel: str, name: str) -> None:
        """Take in what is notified, until cancelled."""
        async for item in notifications(database_url, [channel], name=name):
            if isinstance(item, Notification):
                self._accounts.add(item.payload)
            self._woken.set()


@asynccontextmanager
async def wakeups(database_url: str, channel: str, *, name: str) -> AsyncIterator[Wakeups]:
    """Collect an account channel's notifications for the length of a block."""
    collected = Wakeups()
    async with asyncio.TaskGroup() as tasks:
        collecting = tasks.create_task(collected.collect(database_url, channel, name))
        try:
            yield collected
        finally:
            collecting.cancel()
