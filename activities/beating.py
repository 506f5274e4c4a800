"""Tells Temporal during a long activity that its worker lives."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from temporalio import activity

from workflows.maintenance.messages import ALIVE_WITHIN

BEAT_SECONDS = ALIVE_WITHIN.total_seconds() / 3
"""Ours: two may be late before the worker counts as dead."""


@asynccontextmanager
async def beating(known: Callable[[], object] = lambda: None) -> AsyncIterator[None]:
    """Beat for the duration of a block. A short one does not, which costs no action.

    `known`: what the next attempt is told if this one dies.
    """
    task = asyncio.create_task(_beat(known))
    try:
        yield
    finally:
        task.cancel()


async def _beat(known: Callable[[], object]) -> None:
    while True:
        await asyncio.sleep(BEAT_SECONDS)
        activity.heartbeat(known())
