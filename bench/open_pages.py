"""Pages of agents, kept open: each reads its stream as a browser does, and notes what came when.

They share the machine with what they measure, so they read no JSON: a message's name and the ids.
"""

import asyncio
import time
import zlib
from bisect import bisect_left
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from api.caller import COOKIE

GZIP = 16 + zlib.MAX_WBITS
EVENT, BEAT = b"event: ", b"event: beat"
ID = b"id: "
OWN, EVERYTHING = "/workspace/stream?view=mine", "/workspace/stream?view=all"
BOARD = "/board/stream"


@dataclass
class OpenPage:
    """One open page. Times are of `time.perf_counter`, sizes as they came over the wire."""

    agent_id: str
    secret: str
    conversation_id: str | None = None
    path: str = OWN
    positions: list[int] = field(default_factory=list)
    came_at: list[float] = field(default_factory=list)
    news: int = 0
    news_bytes: int = 0
    beats: int = 0
    beat_bytes: int = 0
    is_open: asyncio.Event = field(default_factory=asyncio.Event)

    def when_past(self, event_id: int) -> float | None:
        """Return when the page had been told of everything up to an event."""
        place = bisect_left(self.positions, event_id)
        return self.came_at[place] if place < len(self.positions) else None

    async def read(self, api_url: str) -> None:
        """Read the stream until cancelled."""
        place = urlsplit(api_url)
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        try:
            writer.write(self._request(place.netloc))
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head:
                raise RuntimeError(f"The stream was refused: {head!r}")
            unpack = zlib.decompressobj(GZIP).decompress
            while size := int(await reader.readuntil(b"\r\n"), 16):
                chunk = await reader.readexactly(size + 2)
                self._note(unpack(chunk[:-2]), size)
        finally:
            writer.close()

    def _request(self, host: str) -> bytes:
        query = f"&conversation={self.conversation_id}" if self.conversation_id else ""
        lines = [
            f"GET {self.path}{query} HTTP/1.1",
            f"Host: {host}",
            f"Cookie: {COOKIE}={self.secret}",
            "Accept-Encoding: gzip",
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def _note(self, told: bytes, size: int) -> None:
        now = time.perf_counter()
        if BEAT in told:
            self.beats += 1
            self.beat_bytes += size
            self.is_open.set()
        elif EVENT in told:
            self.news += 1
            self.news_bytes += size
        _, found, rest = told.rpartition(ID)
        if found:
            self.positions.append(int(rest.split(b"\n", 1)[0]))
            self.came_at.append(now)


@asynccontextmanager
async def reading(api_url: str, pages: Sequence[OpenPage]) -> AsyncIterator[None]:
    """Keep pages open for the duration of a block."""
    tasks = [asyncio.create_task(page.read(api_url)) for page in pages]
    try:
        for page in pages:
            await page.is_open.wait()
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
