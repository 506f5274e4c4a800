"""The contact centre of the streams part: its pages, its conversations, and who was told when."""

import asyncio
import time
from bisect import bisect_left
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property

from bench.bare_stream import BarePage
from bench.installation import MeasuredInstallation
from bench.loops import until
from bench.open_pages import OpenPage
from bench.stream_brand import ACCOUNT, HeldConversation
from bench.talking import Talk
from database.listen import Notification, notifications
from database.queries import stream
from database.queries.events import CHANNEL_EVENTS
from database.tables import Event
from domain.conversation.kinds import EventKind

LATE_SECONDS = 30.0


@dataclass
class Committed:
    """When events could be read, as those learn who listen; seconds of `perf_counter`."""

    installation: MeasuredInstallation
    position: int = 0
    at: dict[int, float] = field(default_factory=dict)
    events: dict[int, Event] = field(default_factory=dict)
    _heard: list[tuple[int, float]] = field(default_factory=list)

    async def listen(self) -> None:
        url = self.installation.environment["SWITCHBOARD_DATABASE_URL"]
        async for item in notifications(url, [CHANNEL_EVENTS], name="switchboard-bench"):
            if not isinstance(item, Notification) or item.payload == ACCOUNT:
                await self._read()

    def heard(self, last_id: int, at: float) -> None:
        """Note that another process knew of all events up to one, maybe sooner."""
        self._heard.append((last_id, at))

    def when(self, event_id: int) -> float:
        """Return when the first process knew of an event."""
        place = bisect_left(self._heard, (event_id, 0.0))
        elsewhere = self._heard[place][1] if place < len(self._heard) else self.at[event_id]
        return min(elsewhere, self.at[event_id])

    async def _read(self) -> None:
        direct = self.installation.sessions.direct
        batch = await stream.read(direct, ACCOUNT, self.position, limit=1000)
        now = time.perf_counter()
        for event in batch.events:
            self.at[event.id], self.events[event.id] = now, event
        self.position = max(self.position, batch.last_id)


@dataclass(frozen=True)
class Told:
    """What pages were told. Seconds. `lost`: events that a page was not told of.

    `bare`: what the same events took over the bare stream.
    """

    delivered: int
    from_commit: Sequence[float]
    bare: Sequence[float]
    lost: int


@dataclass(frozen=True)
class Centre:
    """Agents with their pages and conversations."""

    installation: MeasuredInstallation
    pages: Sequence[OpenPage]
    others: Sequence[OpenPage]
    """Pages of people who hold nothing."""
    managers: Sequence[OpenPage]
    talks: Sequence[Talk]
    """Conversations that are more than rows."""
    held: Sequence[HeldConversation]
    seconds: int

    def page_of(self, event: Event) -> OpenPage | None:
        """Return the page that is told of an event; None: nobody is."""
        page = self._holders.get(str(event.conversation_id))
        is_added = event.kind == EventKind.message_added
        is_of_open = event.kind == EventKind.message_status and page is not None
        if is_of_open and page is not None:
            is_of_open = page.conversation_id == str(event.conversation_id)
        return page if is_added or is_of_open else None

    @cached_property
    def _holders(self) -> Mapping[str, OpenPage]:
        by_agent = {page.agent_id: page for page in self.pages}
        return {one.id: by_agent[one.agent_id] for one in self.held}

    def told(self, committed: Committed, after: int, bare: BarePage) -> Told:
        """Say what pages were told of the events after one."""
        times: list[float] = []
        bare_times: list[float] = []
        lost = 0
        for event_id, event in committed.events.items():
            page = self.page_of(event) if event_id > after else None
            if page is None:
                continue
            at, came, passed_on = (
                committed.when(event_id),
                page.when_past(event_id),
                bare.when_past(event_id),
            )
            if passed_on is not None:
                bare_times.append(passed_on - at)
            if came is None:
                lost += 1
            else:
                times.append(came - at)
        return Told(len(times) + lost, times, bare_times, lost)

    async def all_told(self, committed: Committed, after: int, bare: BarePage) -> Told:
        """Return what pages were told when nothing is left to tell; what is late is only late."""

        async def is_all_told() -> bool:
            return not self.told(committed, after, bare).lost

        with suppress(TimeoutError):
            await until(is_all_told, seconds=LATE_SECONDS, pause=0.5)
        return self.told(committed, after, bare)


@asynccontextmanager
async def followed(installation: MeasuredInstallation) -> AsyncIterator[Committed]:
    """Learn when events are committed for the duration of a block."""
    newest = await stream.newest(installation.sessions.direct, ACCOUNT)
    committed = Committed(installation, newest)
    listening = asyncio.create_task(committed.listen())
    try:
        yield committed
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
