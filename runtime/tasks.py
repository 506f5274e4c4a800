"""Runs a process's background tasks, and restarts a task that fails."""

import asyncio
import time
import traceback
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from temporalio.service import RPCError, RPCStatusCode

from database.away import NOT_DONE

SHORTEST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
WELL_AFTER_SECONDS = 60.0
"""A task that ran longer than this before it failed restarts after the shortest pause. Ours."""
CANCELLED_AGAIN_SECONDS = 5.0
"""The time a cancelled task has to clean up before it is cancelled again. Ours."""
TEMPORAL_IS_AWAY = frozenset(
    {RPCStatusCode.CANCELLED, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.UNAVAILABLE}
)
"""The SDK says that a call was cancelled when its time is over."""

Tasks = Mapping[str, Callable[[], Awaitable[None]]]

log = structlog.stdlib.get_logger()


def together(*parts: Tasks) -> Tasks:
    """Return the tasks of several parts of a process. Raises `ValueError` for a name that two have:
    one of them would never run, and nothing else would tell.
    """
    names = Counter(name for part in parts for name in part)
    twice = sorted(name for name, times in names.items() if times > 1)
    if twice:
        raise ValueError(f"Several tasks are named {', '.join(twice)}.")
    return {name: run for part in parts for name, run in part.items()}


@asynccontextmanager
async def running(**tasks: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Keep tasks running for the duration of a block."""
    kept = [asyncio.create_task(keep_running(name, run)) for name, run in tasks.items()]
    try:
        yield
    finally:
        await end(*kept)


async def end(*tasks: asyncio.Task[None]) -> None:
    """Cancel tasks, again while one goes on, and wait until all have ended.

    On Python 3.11 `asyncio.wait_for`, which libraries use, loses a cancellation that comes together
    with what it waits for.
    """
    while going_on := [task for task in tasks if not task.done()]:
        for task in going_on:
            task.cancel()
        await asyncio.wait(going_on, timeout=CANCELLED_AGAIN_SECONDS)


async def keep_running(name: str, run: Callable[[], Awaitable[None]]) -> None:
    """Run a task until cancelled, and restart it after a pause when it fails or ends.

    A bug in one task does not stop the others and all conversations of the process. That PostgreSQL
    or Temporal did not answer in time is no bug, and is not logged as one.
    """
    pause = SHORTEST_PAUSE_SECONDS
    while True:
        began = time.monotonic()
        try:
            await run()
        except Exception as error:
            kind = error_kind(error)
            if passes(error):
                log.warning("task_interrupted", task=name, error=kind, pause=pause)
            else:
                log.error("task_failed", task=name, error=kind, pause=pause)
        else:
            log.error("task_failed", task=name, error="ended", pause=pause)
        if time.monotonic() - began > WELL_AFTER_SECONDS:
            pause = SHORTEST_PAUSE_SECONDS
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


def passes(error: Exception) -> bool:
    """Say whether an error means only that PostgreSQL or Temporal did not do their part in time."""
    if isinstance(error, RPCError):
        return error.status in TEMPORAL_IS_AWAY
    return isinstance(error, NOT_DONE)


def error_kind(error: Exception) -> str:
    """Return an error's type and location. Its message may contain phone numbers and texts."""
    inner: BaseException = error
    while isinstance(inner, BaseExceptionGroup):
        inner = inner.exceptions[0]
    frames = traceback.extract_tb(inner.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown"
    return f"{type(inner).__name__} at {where}"
