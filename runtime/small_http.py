"""Answers a supervisor or Prometheus on a port of its own, in a process that serves nothing else.

One short request a connection, and no more of HTTP than its first line.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

SECONDS = 5.0
"""Ours: for a whole request; who asks is near."""


@dataclass(frozen=True)
class Answer:
    """What is answered to one request."""

    body: bytes
    status: HTTPStatus = HTTPStatus.OK
    media_type: str = "application/json"

    def written(self) -> bytes:
        head = (
            f"HTTP/1.1 {self.status.value} {self.status.phrase}\r\n"
            f"Content-Type: {self.media_type}\r\nContent-Length: {len(self.body)}\r\n"
            "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
        )
        return head.encode() + self.body


Look = Callable[[str], Awaitable[Answer]]
"""Returns the answer for a path."""


async def serve(look: Look, host: str, port: int) -> None:
    """Answer every request on a port until cancelled. Raises `OSError` if the port is taken."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, asyncio.LimitOverrunError, EOFError):
            async with asyncio.timeout(SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write((await look(_path(head))).written())
                await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, host, port) as server:
        await server.serve_forever()


def _path(head: bytes) -> str:
    words = head.split(b"\r\n", 1)[0].split(b" ")
    return words[1].decode("latin-1").partition("?")[0] if len(words) > 1 else ""
