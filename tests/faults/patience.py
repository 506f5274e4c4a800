"""Waiting for what is to come, many consumers at once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

T = TypeVar("T")

TASK_TIMEOUT = timedelta(seconds=5)
"""Of workflow tasks: so long it takes until a lost one is decided again.

Long enough for a busy machine to decide: a task that is never done in time is tried for ever.
"""
LOOK_SECONDS = 0.5
"""Between two looks: dozens of consumers look at the same time."""


async def eventually(look: Callable[[], Awaitable[T]], *, seconds: float = 240) -> T:
    """Return what `look` finds as soon as it is true. Raises `TimeoutError`.

    `seconds`: far more than it takes on any machine; only what never comes is waited for so long.
    """
    async with asyncio.timeout(seconds):
        while True:
            found = await look()
            if found:
                return found
            await asyncio.sleep(LOOK_SECONDS)
