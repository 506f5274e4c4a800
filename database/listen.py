"""Receives PostgreSQL's notifications on a separate connection, which reconnects by itself."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

import psycopg
import structlog
from psycopg import sql

from database.connections import Connection, limited_url, settings_of
from database.pooler import is_pooler

LONGEST_SILENCE_SECONDS = 5.0
"""Seconds of silence after which the connection is tested: a dead connection is silent too."""
TRIAL_SECONDS = 5.0
SHORTEST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 2.0
UNHEARD_SECONDS = 2.0
"""Ours: how often is looked for work behind a pooler, where nobody can listen."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Notification:
    """A notification. `payload`: an account's id or, on the channel of opt-outs, a consumer's."""

    channel: str
    payload: str


@dataclass(frozen=True)
class Listening:
    """The connection was made (again). Earlier notifications are lost, so check for work."""


async def notifications(
    database_url: str, channels: Sequence[str], *, name: str = "switchboard-listen"
) -> AsyncGenerator[Notification | Listening]:
    """Yield the notifications of some channels for ever, also across failures of the database.

    Behind a pooler in transaction mode nothing is heard, so everybody looks every two seconds.
    """
    pause = SHORTEST_PAUSE_SECONDS
    while is_pooler(database_url):  # it would take the connection away from who listens
        yield Listening()
        await asyncio.sleep(UNHEARD_SECONDS)
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
    """Collects the accounts, or consumers, that were notified since the last call of `next`."""

    def __init__(self) -> None:
        self._accounts: set[str] = set()
        self._woken = asyncio.Event()

    async def next(self, seconds: float) -> frozenset[str]:
        """Wait for notifications, at most `seconds`; return their payloads, none on a time-out."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return frozenset()
        self._woken.clear()
        accounts, self._accounts = frozenset(self._accounts), set()
        return accounts

    async def collect(self, database_url: str, channel: str, name: str) -> None:
        """Collect notifications until cancelled."""
        async for item in notifications(database_url, [channel], name=name):
            if isinstance(item, Notification):
                self._accounts.add(item.payload)
            self._woken.set()


@asynccontextmanager
async def wakeups(database_url: str, channel: str, *, name: str) -> AsyncIterator[Wakeups]:
    """Collect a channel's notifications for the duration of a block."""
    collected = Wakeups()
    async with asyncio.TaskGroup() as tasks:
        collecting = tasks.create_task(collected.collect(database_url, channel, name))
        try:
            yield collected
        finally:
            collecting.cancel()
