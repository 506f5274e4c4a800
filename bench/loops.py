"""Two ways to load a system: as fast as it can work, or at a fixed rate."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

Job = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class LoadResult:
    """The total time, and the time of each job, in seconds."""

    seconds: float
    latencies: Sequence[float]


async def as_fast_as_possible(
    jobs: Sequence[Job], *, at_once: int, done: Callable[[], None] | None = None
) -> LoadResult:
    """Run the jobs in order, with `at_once` of them in flight."""
    waiting = iter(jobs)
    latencies: list[float] = []

    async def work() -> None:
        for job in waiting:
            began = time.perf_counter()
            await job()
            latencies.append(time.perf_counter() - began)
            if done:
                done()

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(at_once)))
    return LoadResult(time.perf_counter() - began, latencies)


async def at_rate(jobs: Sequence[Job], *, per_second: float) -> None:
    """Begin a job at each tick, even if earlier ones are late or slow; return when all ended."""
    began = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for number, job in enumerate(jobs):
            await asyncio.sleep(began + number / per_second - time.perf_counter())
            tasks.create_task(_awaited(job))


async def _awaited(job: Job) -> None:
    await job()


async def until(look: Callable[[], Awaitable[bool]], *, seconds: float, pause: float = 0.1) -> None:
    """Return as soon as `look` returns true. Raises `TimeoutError` after `seconds`."""
    async with asyncio.timeout(seconds):
        while not await look():  # noqa: ASYNC110 - it observes other processes
            await asyncio.sleep(pause)
