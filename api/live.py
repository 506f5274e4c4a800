"""Waking live streams: one LISTEN connection per process, and a poll underneath it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial

import structlog

from api.errors import TooManyStreams
from database.away import NOT_DONE
from database.engine import Sessions
from database.listen import Notification, notifications
from database.queries.events import CHANNEL_EVENTS, latest_id
from runtime.tasks import running

POLL_SECONDS = 2.0
"""Finds what no notification announced, as after a lost connection or behind some poolers."""

MOST_STREAMS = 20
"""Streams of one person, or of one token and its agent, in one process: several pages and tabs."""

log = structlog.stdlib.get_logger()


class EventHub:
    """Wakes the streams that follow an account when it has new events."""

    def __init__(self) -> None:
        self._following: dict[str, set[asyncio.Event]] = {}
        self._latest: dict[str, int] = {}
        self._streams: Counter[str] = Counter()

    @contextmanager
    def counted(self, who: str) -> Iterator[None]:
        """Count a caller's stream while it is open. Raises `TooManyStreams`."""
        if self._streams[who] >= MOST_STREAMS:
            raise TooManyStreams
        self._streams[who] += 1
        try:
            yield
        finally:
            self._streams[who] -= 1
            self._streams += Counter()  # drops those without a stream

    @contextmanager
    def following(self, account_id: str) -> Iterator[asyncio.Event]:
        """Return an event that is set whenever the account may have news."""
        wake = asyncio.Event()
        self._following.setdefault(account_id, set()).add(wake)
        try:
            yield wake
        finally:
            streams = self._following[account_id]
            streams.remove(wake)
            if not streams:
                del self._following[account_id]
                self._latest.pop(account_id, None)

    def wake(self, account_id: str) -> None:
        for stream in self._following.get(account_id, ()):
            stream.set()

    async def listen(self, database_url: str) -> None:
        """Wake streams as PostgreSQL notifies, until cancelled."""
        received = notifications(database_url, [CHANNEL_EVENTS], name="switchboard api listen")
        async for item in received:
            if isinstance(item, Notification):
                self.wake(item.payload)
                continue
            for account_id in self._following:
                self.wake(account_id)

    async def poll(self, sessions: Sessions) -> None:
        """Wake streams whose account has new events since the last poll, until cancelled."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                await self._look(sessions)
            except NOT_DONE as error:
                log.warning("live_poll_failed", error=type(error).__name__)

    async def _look(self, sessions: Sessions) -> None:
        if not self._following:
            return
        async with sessions() as session:
            for account_id in list(self._following):
                latest = await latest_id(session, account_id)
                if self._latest.get(account_id) != latest:
                    self.wake(account_id)
                self._latest[account_id] = latest


@asynccontextmanager
async def open_hub(sessions: Sessions, database_url: str) -> AsyncIterator[EventHub]:
    """Run a hub for the length of a block."""
    hub = EventHub()
    async with running(
        hub_listens=partial(hub.listen, database_url), hub_polls=partial(hub.poll, sessions)
    ):
        yield hub
