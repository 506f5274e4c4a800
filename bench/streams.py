"""Measures live streams: many agents' pages on one API process.

Twice. First what happens is written straight into the database, as the journal does, so that the
API does nothing but tell pages: that gives the CPU of an event. Then phones text and agents reply,
which gives the times of a page that shares its machine with all else.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial
from uuid import UUID

from sqlalchemy import text as sql

from bench.figures import Figure
from bench.installation import MeasuredInstallation
from bench.loops import Job, at_rate, until
from bench.open_pages import OpenPage, reading
from bench.percentiles import milliseconds, percentile
from bench.progress import ProgressSteps
from bench.sizes import Sizes
from bench.stream_brand import (
    ACCOUNT,
    HeldConversation,
    clear,
    fill,
    held_by,
    hire,
    talks_of,
    unique_words,
)
from bench.talking import Talk
from bench.texting import new_number, signed
from bench.usage import cpu_of
from bench.wire import RequestRefused
from database.listen import Notification, notifications
from database.queries import events, stream
from database.queries.events import CHANNEL_EVENTS, NewEvent
from database.tables import Event
from domain.conversation.kinds import EventKind

EACH = 8
"""Conversations of an agent."""
PER_SECOND = 40
"""Texts and replies, in equal parts."""
IN_A_STEP = 2
"""Events of a written step: a message, and what became of an earlier one."""
PATIENCE = 120.0
SETTLES_SECONDS = 2.0
LATE_SECONDS = 30.0
WATCHES = "maintenance/watches"
TEXTS = sql("""
    SELECT message.text, event.id FROM event
    JOIN message ON message.id = CAST(event.data->>'message_id' AS uuid)
    WHERE event.account_id = :account AND event.id > :after AND event.kind = 'message_added'
      AND message.author = 'consumer'
""")


@dataclass
class Committed:
    """When events could be read, as somebody learns who listens; seconds of `perf_counter`."""

    installation: MeasuredInstallation
    position: int = 0
    at: dict[int, float] = field(default_factory=dict)
    events: dict[int, Event] = field(default_factory=dict)

    async def listen(self) -> None:
        url = self.installation.environment["SWITCHBOARD_DATABASE_URL"]
        async for item in notifications(url, [CHANNEL_EVENTS], name="switchboard-bench"):
            if not isinstance(item, Notification) or item.payload == ACCOUNT:
                await self._read()

    async def _read(self) -> None:
        direct = self.installation.sessions.direct
        batch = await stream.read(direct, ACCOUNT, self.position, limit=1000)
        now = time.perf_counter()
        for event in batch.events:
            self.at[event.id], self.events[event.id] = now, event
        self.position = max(self.position, batch.last_id)


@dataclass(frozen=True)
class Told:
    """What pages were told. Seconds. `lost`: events that a page was not told of."""

    delivered: int
    from_commit: Sequence[float]
    lost: int


@dataclass(frozen=True)
class Centre:
    """Agents with their pages and conversations."""

    installation: MeasuredInstallation
    pages: Sequence[OpenPage]
    others: Sequence[OpenPage]
    """Pages of people who hold nothing."""
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

    def told(self, committed: Committed, after: int) -> Told:
        """Say what pages were told of the events after one."""
        times: list[float] = []
        lost = 0
        for event_id, event in committed.events.items():
            page = self.page_of(event) if event_id > after else None
            if page is None:
                continue
            came = page.when_past(event_id)
            if came is None:
                lost += 1
            else:
                times.append(came - committed.at[event_id])
        return Told(len(times) + lost, times, lost)


async def measure(
    installation: MeasuredInstallation, sizes: Sizes, steps: ProgressSteps
) -> list[Figure]:
    """Return what an event costs, how long it takes, and what a page costs that waits."""
    # Most conversations are rows without a workflow, which it would find.
    watches = installation.temporal.get_schedule_handle(WATCHES)
    await watches.pause()
    try:
        with steps.step("hiring agents and opening conversations"):
            centre = await _opened(installation, sizes)
        return await _measured(centre, steps)
    finally:
        await clear(installation)
        await watches.unpause()


async def _opened(installation: MeasuredInstallation, sizes: Sizes) -> Centre:
    count = sizes.stream_agents
    pages = await hire(installation, 1, count)
    agents = [page.agent_id for page in pages]
    talks = await _talks(installation, pages, sizes.stream_talks)
    await fill(installation, agents, EACH)
    held = await held_by(installation, agents)
    others = await hire(installation, count + 1, 2 * count, "offline")
    open_ones = {one.agent_id: one.id for one in held}
    for page in pages:
        page.conversation_id = open_ones[page.agent_id]
    return Centre(installation, pages, others, talks, held, sizes.stream_seconds)


async def _talks(
    installation: MeasuredInstallation, pages: Sequence[OpenPage], count: int
) -> list[Talk]:
    numbers = [new_number() for _ in range(count)]
    by_agent = {page.agent_id: page for page in pages}
    for number in numbers:
        await signed(installation, number).post(installation)
    talks: list[Talk] = []

    async def all_assigned() -> bool:
        talks[:] = await talks_of(installation, numbers, by_agent)
        return len(talks) == count

    await until(all_assigned, seconds=PATIENCE, pause=1)
    return talks


async def _measured(centre: Centre, steps: ProgressSteps) -> list[Figure]:
    installation, pages = centre.installation, centre.pages
    with steps.step("pages that are not concerned"):
        figures = await _unconcerned(centre)
    before = _memory(installation)
    async with _followed(installation) as committed, reading(installation.api_url, pages):
        grown = max(_memory(installation) - before, 0)
        figures.append(_judged("kb_per_stream", grown / 1000 / len(pages), "kB", 200))
        with steps.step(f"{PER_SECOND * IN_A_STEP} events a second, written directly"):
            figures += await _written(centre, committed)
        with steps.step("20 texts and 20 replies a second"):
            figures += await _texted(centre, committed)
    return figures


@asynccontextmanager
async def _followed(installation: MeasuredInstallation) -> AsyncIterator[Committed]:
    newest = await stream.newest(installation.sessions.direct, ACCOUNT)
    committed = Committed(installation, newest)
    listening = asyncio.create_task(committed.listen())
    try:
        yield committed
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening


async def _unconcerned(centre: Centre) -> list[Figure]:
    """Compare what events cost with one page open, and with many more that they do not concern."""
    installation, others = centre.installation, centre.others
    async with reading(installation.api_url, centre.pages[:1]):
        alone = await _cpu_of_events(centre)
        async with reading(installation.api_url, others):
            idle = await _cpu_of_nothing(centre)
            beside = await _cpu_of_events(centre)
    each = max(beside - alone - idle, 0) / _events(centre) / len(others)
    beats = idle / centre.seconds / len(others)
    size = sum(page.beat_bytes for page in others) / max(sum(page.beats for page in others), 1)
    news = sum(page.news for page in others)
    return [
        Figure(name="told_of_what_is_not_for_them", value=news, at_most=0),
        _rounded("cpu_us_per_event_and_page_not_concerned", each * 1e6, "µs"),
        _rounded("cpu_ms_per_idle_page_and_minute", beats * 60 * 1000, "ms"),
        _rounded("bytes_per_beat", size, "B"),
    ]


async def _written(centre: Centre, committed: Committed) -> list[Figure]:
    idle = await _cpu_of_nothing(centre)
    bytes_before, begins = _news_bytes(centre), committed.position
    used = await _cpu_of_events(centre)
    told = await _all_told(centre, committed, begins)
    count = max(told.delivered, 1)
    size = (_news_bytes(centre) - bytes_before) / count
    return [
        _judged("cpu_ms_per_delivered_event", max(used - idle, 0) * 1000 / count, "ms", 2),
        _judged("bytes_per_delivered_event", size, "B", 2000),
        *_times("written_to_page", told.from_commit),
        Figure(name="written_not_told", value=told.lost, at_most=0),
    ]


@dataclass
class Texting:
    """Phones that text and agents who reply, in turn. `accepted`: texts by their words."""

    talks: Sequence[Talk]
    accepted: dict[str, float] = field(default_factory=dict)
    refused: int = 0

    def job(self, number: int) -> Job:
        """Return a text for an even number, and a reply in the same conversation for an odd one."""
        talk, words = self.talks[number // 2 % len(self.talks)], unique_words()

        async def act() -> None:
            try:
                await (talk.reply(words) if number % 2 else talk.text(words))
            except RequestRefused:
                self.refused += 1
                return
            if not number % 2:
                self.accepted[words] = time.perf_counter()

        return act


async def _texted(centre: Centre, committed: Committed) -> list[Figure]:
    texting, begins = Texting(centre.talks), committed.position
    jobs = [texting.job(number) for number in range(PER_SECOND * centre.seconds)]
    await at_rate(jobs, per_second=PER_SECOND)
    arrived = await _arrived(centre.installation, texting.accepted, begins)
    told = await _all_told(centre, committed, begins)
    to_event, to_page = [], []
    for words, event_id in arrived.items():
        left, page = texting.accepted[words], centre.page_of(committed.events[event_id])
        to_event.append(committed.at[event_id] - left)
        if page and (came := page.when_past(event_id)):
            to_page.append(came - left)
    return [
        Figure(name="refused", value=texting.refused, at_most=0),
        *_times("event_to_page", told.from_commit, at_most=500),
        *_times("text_accepted_to_event", to_event),
        *_times("text_accepted_to_page", to_page),
        Figure(name="not_told", value=told.lost, at_most=0),
    ]


async def _arrived(
    installation: MeasuredInstallation, accepted: Mapping[str, float], after: int
) -> Mapping[str, int]:
    """Return the event of each accepted text, when all are there."""
    found: dict[str, int] = {}

    async def all_there() -> bool:
        async with installation.sessions() as session:
            rows = await session.execute(TEXTS, {"account": ACCOUNT, "after": after})
            found.update({words: event_id for words, event_id in rows if words in accepted})
        return accepted.keys() <= found.keys()

    await until(all_there, seconds=PATIENCE, pause=0.5)
    return found


async def _all_told(centre: Centre, committed: Committed, after: int) -> Told:
    """Return what pages were told when nothing is left to tell; what is late is only late."""

    async def is_all_told() -> bool:
        return not centre.told(committed, after).lost

    with suppress(TimeoutError):
        await until(is_all_told, seconds=LATE_SECONDS, pause=0.5)
    return centre.told(committed, after)


async def _cpu_of_events(centre: Centre) -> float:
    """Return the CPU seconds of the API while events happen that cost it nothing else."""
    held = centre.held

    def job(number: int) -> Job:
        one, other = held[number % len(held)], held[(number + 1) % len(held)]
        return partial(_happen, centre.installation, one, other)

    before = cpu_of(centre.installation, "API")
    jobs = [job(number) for number in range(PER_SECOND * centre.seconds)]
    await at_rate(jobs, per_second=PER_SECOND)
    await asyncio.sleep(SETTLES_SECONDS)
    return cpu_of(centre.installation, "API") - before


async def _cpu_of_nothing(centre: Centre) -> float:
    before = cpu_of(centre.installation, "API")
    await asyncio.sleep(centre.seconds + SETTLES_SECONDS)
    return cpu_of(centre.installation, "API") - before


async def _happen(
    installation: MeasuredInstallation, one: HeldConversation, other: HeldConversation
) -> None:
    """Write the events of a text in a conversation, and of a delivery in another."""
    now = datetime.now(UTC)
    added = {"message_id": one.message_id, "author": "consumer"}
    status = {"message_id": other.message_id, "status": "delivered"}
    new = [
        NewEvent(EventKind.message_added, now, UUID(one.id), data=added),
        NewEvent(EventKind.message_status, now, UUID(other.id), data=status),
    ]
    async with installation.sessions.begin() as session:
        await events.append(session, ACCOUNT, new)


def _events(centre: Centre) -> int:
    return PER_SECOND * IN_A_STEP * centre.seconds


def _memory(installation: MeasuredInstallation) -> int:
    return int(installation.process("API").memory_info().rss)


def _news_bytes(centre: Centre) -> int:
    return sum(page.news_bytes for page in centre.pages)


def _times(what: str, seconds: Sequence[float], at_most: float | None = None) -> list[Figure]:
    """Return the median and the 99th percentile, which is the one that is judged."""
    return [
        Figure(
            name=f"{what}_p{percent}_ms",
            value=milliseconds(percentile(seconds, percent)) if seconds else 0,
            unit="ms",
            at_most=at_most if percent == 99 else None,
        )
        for percent in (50, 99)
    ]


def _judged(name: str, value: float, unit: str, at_most: float) -> Figure:
    return Figure(name=name, value=round(value, 3), unit=unit, at_most=at_most)


def _rounded(name: str, value: float, unit: str) -> Figure:
    return Figure(name=name, value=round(value, 3), unit=unit)
