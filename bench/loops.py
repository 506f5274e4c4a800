"""Two ways to load a system: as fast as it takes it, or at a given rate whatever it does."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

Job = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class LoadResult:
    """How long it took in all, and each job for itself, in seconds."""

    seconds: float
    latencies: Sequence[float]


async def as_fast_as_possible(
    jobs: Sequence[Job], *, at_once: int, done: Callable[[], None] | None = None
) -> LoadResult:
    """Do the jobs in order, always so many at once."""
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
    """Begin a job at each tick, late ones or slow ones notwithstanding; return when all ended."""
    began = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for number, job in enumerate(jobs):
            await asyncio.sleep(began + number / per_second - time.perf_counter())
            tasks.create_task(_awaited(job))


async def _awaited(job: Job) -> None:
    await job()


async def until(look: Callable[[], Awaitable[bool]], *, seconds: float, pause: float = 0.1) -> None:
    """Return as soon as `look` says so. Raises `TimeoutError` after `seconds`."""
    async with asyncio.timeout(seconds):
        while not await look():  # noqa: ASYNC110 - what is looked at is in other processes
            await asyncio.sleep(pause)
