"""Measures live streams: many agents' pages on one API process.

Twice. First what happens is written straight into the database, as the journal does, so that the
API does nothing but tell pages: that gives the CPU of an event. Then phones text and agents reply,
which gives the times of a page that shares its machine with all else; the ceiling is a bare stream
beside it.
"""

from collections.abc import Sequence
from dataclasses import replace

from bench.bare_stream import BarePage, bare_stream
from bench.direct_events import (
    IN_A_STEP,
    PER_SECOND,
    cpu_of_events,
    cpu_of_nothing,
    events_in,
)
from bench.figures import Figure
from bench.installation import MeasuredInstallation
from bench.loops import until
from bench.open_pages import BOARD, EVERYTHING, OpenPage, reading
from bench.progress import ProgressSteps
from bench.sizes import Sizes
from bench.stream_brand import ACCOUNT, clear, fill, held_by, hire, talks_of
from bench.stream_centre import Centre, Committed, followed
from bench.stream_texting import texted, times
from bench.talking import Talk
from bench.texting import new_number, signed

EACH = 8
"""Conversations of an agent."""
RATES = (20, 40)
"""Texts and replies a second, in equal parts. The first is for machines that cannot do more."""
PATIENCE = 300.0
WATCHES = "maintenance/watches"


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
    managers = await hire(
        installation, 2 * count + 1, 2 * count + sizes.stream_managers, "offline", "manager"
    )
    open_ones = {one.agent_id: one.id for one in held}
    for page in pages:
        page.conversation_id = open_ones[page.agent_id]
    return Centre(installation, pages, others, managers, talks, held, sizes.stream_seconds)


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
        figures, alone = await _unconcerned(centre)
    with steps.step("pages of managers"):
        figures += await _overseen(centre, alone)
    before = _memory(installation)
    async with (
        followed(installation) as committed,
        bare_stream(installation, ACCOUNT, committed.heard) as bare,
        reading(installation.api_url, pages),
    ):
        grown = max(_memory(installation) - before, 0)
        figures.append(_judged("kb_per_stream", grown / 1000 / len(pages), "kB", 200))
        with steps.step(f"{PER_SECOND * IN_A_STEP} events a second, written directly"):
            figures += await _written(centre, committed, bare)
        for rate in RATES:
            with steps.step(f"{rate} texts and replies a second"):
                figures += await texted(centre, committed, bare, rate)
    return figures


async def _unconcerned(centre: Centre) -> tuple[list[Figure], float]:
    """Compare what events cost with one page open, and with many more that they do not concern.

    Returns the CPU seconds with the one page, too.
    """
    installation, others = centre.installation, centre.others
    async with reading(installation.api_url, centre.pages[:1]):
        alone = await cpu_of_events(centre)
        async with reading(installation.api_url, others):
            idle = await cpu_of_nothing(centre)
            beside = await cpu_of_events(centre)
    each = max(beside - alone - idle, 0) / events_in(centre) / len(others)
    beats = idle / centre.seconds / len(others)
    size = sum(page.beat_bytes for page in others) / max(sum(page.beats for page in others), 1)
    news = sum(page.news for page in others)
    figures = [
        Figure(name="told_of_what_is_not_for_them", value=news, at_most=0),
        _rounded("cpu_us_per_event_and_page_not_concerned", each * 1e6, "µs"),
        _rounded("cpu_ms_per_idle_page_and_minute", beats * 60 * 1000, "ms"),
        _rounded("bytes_per_beat", size, "B"),
    ]
    return figures, alone


async def _overseen(centre: Centre, alone: float) -> list[Figure]:
    """Return what an event costs for managers who see all, in the workspace and on boards."""
    installation, minutes = centre.installation, centre.seconds / 60
    lists = [replace(page, path=EVERYTHING) for page in centre.managers]
    async with reading(installation.api_url, [*centre.pages[:1], *lists]):
        of_lists = max(await cpu_of_events(centre) - alone, 0) / len(lists)
    boards = [replace(page, path=BOARD) for page in centre.managers]
    async with reading(installation.api_url, [*centre.pages[:1], *boards]):
        of_boards = max(await cpu_of_events(centre) - alone, 0) / len(boards)
    size = sum(page.news_bytes for page in lists) / events_in(centre) / len(lists)
    return [
        _judged("cpu_ms_per_event_and_manager", of_lists * 1000 / events_in(centre), "ms", 2),
        _judged("bytes_per_event_and_manager", size, "B", 2000),
        _rounded("cpu_ms_per_board_and_minute", of_boards * 1000 / minutes, "ms"),
        _rounded("bytes_per_board_and_second", _bytes(boards) / centre.seconds, "B"),
    ]


async def _written(centre: Centre, committed: Committed, bare: BarePage) -> list[Figure]:
    idle = await cpu_of_nothing(centre)
    bytes_before, begins = _news_bytes(centre), committed.position
    used = await cpu_of_events(centre)
    told = await centre.all_told(committed, begins, bare)
    count = max(told.delivered, 1)
    size = (_news_bytes(centre) - bytes_before) / count
    return [
        _judged("cpu_ms_per_delivered_event", max(used - idle, 0) * 1000 / count, "ms", 2),
        _judged("bytes_per_delivered_event", size, "B", 2000),
        *times("written_to_page", told.from_commit),
        *times("written_to_bare_stream", told.bare),
        Figure(name="written_not_told", value=told.lost, at_most=0),
    ]


def _bytes(pages: Sequence[OpenPage]) -> float:
    """Return what a page was sent, on average."""
    return sum(page.news_bytes + page.beat_bytes for page in pages) / len(pages)


def _memory(installation: MeasuredInstallation) -> int:
    return int(installation.process("API").memory_info().rss)


def _news_bytes(centre: Centre) -> int:
    return sum(page.news_bytes for page in centre.pages)


def _judged(name: str, value: float, unit: str, at_most: float) -> Figure:
    return Figure(name=name, value=round(value, 3), unit=unit, at_most=at_most)


def _rounded(name: str, value: float, unit: str) -> Figure:
    return Figure(name=name, value=round(value, 3), unit=unit)
