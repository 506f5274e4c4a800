"""Waiting for what is to come, many consumers at once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

LOOK_SECONDS = 0.5
"""Between two looks: dozens of consumers look at the same time."""


async def eventually(look: Callable[[], Awaitable[T]], *, seconds: float = 90) -> T:
    """Return what `look` finds as soon as it is true. Raises `TimeoutError`."""
    async with asyncio.timeout(seconds):
        while True:
            found = await look()
            if found:
                return found
            await asyncio.sleep(LOOK_SECONDS)
