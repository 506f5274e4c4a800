"""Measures many small accounts, and one account with very many agents, on one machine.

The same number of new consumers texts twice, as fast as texts are taken: once spread over all
small accounts, once one large account alone, whose agents are logged in and partly have their
page open. What an account does in turns (events by one lock, routing by one worker) shows as the
difference between both. Then those agents reply.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy import text as sql

from bench.figures import Figure
from bench.fleet_brands import founded
from bench.installation import MeasuredInstallation
from bench.loops import as_fast_as_possible, until
from bench.open_pages import OpenPage, reading
from bench.percentiles import milliseconds, percentile
from bench.progress import ProgressSteps
from bench.sizes import Sizes
from bench.stream_brand import clear, hire, talks_of
from bench.talking import Talk
from bench.texting import SUPPORT, Texted, new_number, signed
from bench.usage import cpu_seconds, since

PARTS = ("API", "Worker", "Temporal", "PostgreSQL")
PATIENCE = 600.0
LOOK_SECONDS = 0.05
WATCHES = "maintenance/watches"
ASSIGNED = """
    SELECT count(*) FROM conversation JOIN consumer ON consumer.id = consumer_id
    WHERE consumer.number = ANY(:numbers) AND assigned_at IS NOT NULL
"""
WAITS = sql("""
    SELECT extract(epoch FROM assigned_at - opened_at) FROM conversation
    JOIN consumer ON consumer.id = consumer_id
    WHERE consumer.number = ANY(:numbers) AND assigned_at IS NOT NULL
""")
IN_TURN = b"""
    SELECT count(*) FILTER (WHERE wait_event = 'advisory'), count(*) FILTER (WHERE state = 'active')
    FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
"""Sessions that wait for their turn to write events, or to route, and those that do anything."""


@dataclass
class Turns:
    """How many sessions waited for an account's turn, and how many were busy at all, per look."""

    waiting: list[int] = field(default_factory=list)
    active: list[int] = field(default_factory=list)

    @property
    def mean(self) -> float:
        return round(sum(self.waiting) / max(len(self.waiting), 1), 3)


@dataclass(frozen=True)
class Burst:
    """Texts of new consumers. Seconds: until all were assigned, and each one's from its opening."""

    texts: int
    seconds: float
    waits: Sequence[float]
    turns: Turns
    cpu: Mapping[str, float]


async def measure(
    installation: MeasuredInstallation, sizes: Sizes, steps: ProgressSteps
) -> list[Figure]:
    """Return rates, what a core does of each part, and what waits for an account's turn."""
    watches = installation.temporal.get_schedule_handle(WATCHES)
    await watches.pause()
    await installation.switch_welcomes(on=False)
    try:
        with steps.step("founding accounts and hiring agents"):
            lines = await founded(installation, sizes.fleet_accounts)
            agents = await hire(installation, 1, sizes.fleet_agents)
        return await _measured(installation, sizes, steps, lines, agents)
    finally:
        await clear(installation)
        await installation.switch_welcomes(on=True)
        await watches.unpause()


async def _measured(
    installation: MeasuredInstallation,
    sizes: Sizes,
    steps: ProgressSteps,
    lines: Sequence[Texted],
    agents: Sequence[OpenPage],
) -> list[Figure]:
    pages, count = agents[: sizes.fleet_pages], sizes.fleet_texts
    with steps.step(f"{len(lines)} accounts"):
        spread, _ = await _texted(installation, lines, count, sizes.at_once)
    with steps.step(f"one account with {len(agents)} agents, no page open"):
        alone, _ = await _texted(installation, [SUPPORT], count, sizes.at_once)
    async with reading(installation.api_url, pages):
        with steps.step(f"the same account, {len(pages)} pages open"):
            began = sum(page.news for page in pages)
            watched, numbers = await _texted(installation, [SUPPORT], count, sizes.at_once)
            told = sum(page.news for page in pages) - began
        by_agent = {page.agent_id: page for page in agents}
        talks = await talks_of(installation, numbers, by_agent)
        with steps.step("agents reply", len(talks)):
            replies = await _replied(installation, talks, sizes.at_once)
    return [
        *_figures("many_accounts", spread),
        *_figures("one_account", alone),
        *_figures("one_account_with_pages", watched),
        _rounded("told_per_s", told / watched.seconds, "/s"),
        *replies,
    ]


async def _texted(
    installation: MeasuredInstallation, lines: Sequence[Texted], count: int, at_once: int
) -> tuple[Burst, list[str]]:
    numbers = [new_number() for _ in range(count)]
    texts = [
        signed(installation, number, to=lines[place % len(lines)])
        for place, number in enumerate(numbers)
    ]

    async def all_assigned() -> bool:
        return await installation.scalar(ASSIGNED, numbers=numbers) == count

    before, began = cpu_seconds(installation), time.perf_counter()
    async with _looked_at(installation) as turns:
        jobs = [lambda text=text: text.post(installation) for text in texts]
        await as_fast_as_possible(jobs, at_once=at_once)
        await until(all_assigned, seconds=PATIENCE, pause=0.5)
    seconds, used = time.perf_counter() - began, since(before, cpu_seconds(installation))
    async with installation.sessions() as session:
        found = await session.scalars(WAITS, {"numbers": numbers})
        waits = [float(wait) for wait in found]
    return Burst(count, seconds, waits, turns, used), numbers


@asynccontextmanager
async def _looked_at(installation: MeasuredInstallation) -> AsyncIterator[Turns]:
    """Look at who waits for a turn for the duration of a block."""
    turns, direct = Turns(), installation.sessions.direct

    async def look() -> None:
        while True:
            if row := await direct.fetch_one(IN_TURN, {}):
                turns.waiting.append(row[0])
                turns.active.append(row[1])
            await asyncio.sleep(LOOK_SECONDS)

    looking = asyncio.create_task(look())
    try:
        yield turns
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking


async def _replied(
    installation: MeasuredInstallation, talks: Sequence[Talk], at_once: int
) -> list[Figure]:
    before = cpu_seconds(installation)
    load = await as_fast_as_possible([talk.reply for talk in talks], at_once=at_once)
    used, count = since(before, cpu_seconds(installation)), max(len(talks), 1)
    return [
        _rounded("replies_per_s", count / load.seconds, "/s"),
        *(
            _rounded(f"replies_per_core_second_{part.lower()}", count / max(used[part], 0.01), "")
            for part in PARTS
        ),
    ]


def _figures(what: str, burst: Burst) -> list[Figure]:
    needed = sum(burst.cpu[part] for part in PARTS)
    figures = [
        _rounded("texts_per_s", burst.texts / burst.seconds, "/s"),
        *(
            _rounded(
                f"texts_per_core_second_{part.lower()}",
                burst.texts / max(burst.cpu[part], 0.01),
                "",
            )
            for part in PARTS
        ),
        _rounded("texts_per_core_second_all_parts", burst.texts / max(needed, 0.01), ""),
        *(
            Figure(
                name=f"assigned_after_p{percent}_ms",
                value=milliseconds(percentile(burst.waits, percent)),
                unit="ms",
            )
            for percent in (50, 99)
        ),
        Figure(name="event_order_waits", value=burst.turns.mean, unit="sessions"),
        Figure(name="event_order_waits_most", value=max(burst.turns.waiting, default=0)),
    ]
    return [one.model_copy(update={"name": f"{one.name}_of_{what}"}) for one in figures]


def _rounded(name: str, value: float, unit: str) -> Figure:
    return Figure(name=name, value=round(value, 2), unit=unit)
