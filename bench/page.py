"""An agent's page: follows the live stream, and records when each message of a transcript came."""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

import httpx2

from bench.installation import MeasuredInstallation

Key = tuple[str, str]
"""A conversation's id, and an author."""


class LivePage:
    """The times of messages by conversation and author, in seconds of `time.perf_counter`."""

    def __init__(self) -> None:
        self.came: dict[Key, list[float]] = defaultdict(list)
        self.is_following = asyncio.Event()
        self._changed = asyncio.Condition()

    async def follow(self, installation: MeasuredInstallation, headers: Mapping[str, str]) -> None:
        """Read the stream until cancelled."""
        url = f"{installation.api_url}/v1/events"
        endless = httpx2.Timeout(30, read=None)
        async with installation.http.stream("GET", url, headers=headers, timeout=endless) as answer:
            async for line in answer.aiter_lines():
                self.is_following.set()
                if line.startswith("data: {"):
                    await self._note(json.loads(line.removeprefix("data: ")), time.perf_counter())

    async def _note(self, event: Mapping[str, object], at: float) -> None:
        conversation = str(event["conversation_id"])
        data = event["data"]
        if event["kind"] == "message_added" and isinstance(data, dict):
            self.came[conversation, str(data["author"])].append(at)
        async with self._changed:
            self._changed.notify_all()

    async def wait_for(self, key: Key, count: int, *, seconds: float = 60) -> float:
        """Return when an author's `count`-th message of the conversation came."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: len(self.came[key]) >= count)
        return self.came[key][count - 1]


@asynccontextmanager
async def opened(
    installation: MeasuredInstallation, headers: Mapping[str, str]
) -> AsyncIterator[LivePage]:
    """Keep a person's page open for the duration of a block."""
    page = LivePage()
    following = asyncio.create_task(page.follow(installation, headers))
    try:
        await page.is_following.wait()
        yield page
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
