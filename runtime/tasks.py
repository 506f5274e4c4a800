"""Tasks that a process runs beside its main work, and that one failure does not end."""

import asyncio
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

SHORTEST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
WELL_AFTER_SECONDS = 60.0
"""What ran for so long and then failed is started again as after a first failure."""

log = structlog.stdlib.get_logger()


@asynccontextmanager
async def running(**tasks: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Keep tasks running for the length of a block."""
    kept = [asyncio.create_task(keep_running(name, run)) for name, run in tasks.items()]
    try:
        yield
    finally:
        for task in kept:
            task.cancel()
        await asyncio.gather(*kept, return_exceptions=True)


async def keep_running(name: str, run: Callable[[], Awaitable[None]]) -> None:
    """Run a task until cancelled: one that fails, or ends, is started again after a pause.

    What a task can foresee it handles itself; here it is any error, so that a mistake in one task
    does not take the others and all conversations of the process with it.
    """
    pause = SHORTEST_PAUSE_SECONDS
    while True:
        began = time.monotonic()
        try:
            await run()
        except Exception as error:
            log.error("task_failed", task=name, error=error_kind(error), pause=pause)
        else:
            log.error("task_failed", task=name, error="ended", pause=pause)
        if time.monotonic() - began > WELL_AFTER_SECONDS:
            pause = SHORTEST_PAUSE_SECONDS
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


def error_kind(error: Exception) -> str:
    """Return an error's type and where it was raised: its words may hold numbers and texts."""
    inner: BaseException = error
    while isinstance(inner, BaseExceptionGroup):
        inner = inner.exceptions[0]
    frames = traceback.extract_tb(inner.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown"
    return f"{type(inner).__name__} at {where}"
