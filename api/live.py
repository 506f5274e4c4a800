"""Live streams of this process: how many each caller has open, and what wakes them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial

from api.errors import TooManyStreams
from database.engine import Sessions
from database.listen import Notification, notifications
from database.queries.drafts import CHANNEL_DRAFTS
from database.queries.events import CHANNEL_EVENTS
from database.queries.proofs import CHANNEL_RIGHTS
from runtime.tasks import running
from services.following.following import Following

MOST_STREAMS = 20
"""Streams of one person, or of one token and its agent, in one process: several pages and tabs."""


class EventHub:
    """Counts streams, and has the accounts they follow read when PostgreSQL says so."""

    def __init__(self, sessions: Sessions) -> None:
        self.following = Following(sessions)
        self.heard: dict[str, Callable[[str], None]] = {}
        """What is done with notifications that are about no event, by their channel."""
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

    @property
    def open_streams(self) -> int:
        """How many streams are open in this process."""
        return self._streams.total()

    async def listen(self, database_url: str) -> None:
        """Wake readers as PostgreSQL notifies, until cancelled."""
        channels = [CHANNEL_EVENTS, CHANNEL_RIGHTS, CHANNEL_DRAFTS]
        async for item in notifications(database_url, channels, name="switchboard api listen"):
            if not isinstance(item, Notification):
                self.following.wake_all()
            elif item.channel == CHANNEL_RIGHTS:
                self.following.look_at_rights(item.payload)
            elif item.channel == CHANNEL_EVENTS:
                self.following.wake(item.payload)
            elif hear := self.heard.get(item.channel):
                hear(item.payload)

    async def stop(self, stopping: asyncio.Event) -> None:
        """End all streams when the process is asked to end. Runs until cancelled."""
        await stopping.wait()
        self.following.stop()
        await asyncio.Event().wait()


@asynccontextmanager
async def open_hub(
    sessions: Sessions, database_url: str, stopping: asyncio.Event
) -> AsyncIterator[EventHub]:
    """Run a hub for the length of a block."""
    hub = EventHub(sessions)
    try:
        async with running(
            hub_listens=partial(hub.listen, database_url), hub_stops=partial(hub.stop, stopping)
        ):
            yield hub
    finally:
        await hub.following.close()
