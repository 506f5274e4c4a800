"""Answers a supervisor or Prometheus on a port of its own, in a process that serves nothing else.

One short request a connection, and no more of HTTP than its first line. What comes here by mistake,
as a provider's text would, is refused: an answer of 200 would tell its sender that it was taken.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

SECONDS = 5.0
"""Ours: for a whole request; who asks is near."""
READS = ("GET", "HEAD")
"""The methods that are answered."""


@dataclass(frozen=True)
class Answer:
    """What is answered to one request."""

    body: bytes
    status: HTTPStatus = HTTPStatus.OK
    media_type: str = "application/json"

    def written(self, *, has_body: bool = True) -> bytes:
        """Return the response. `has_body`: False for HEAD, which asks for the head alone."""
        is_refused = self.status is HTTPStatus.METHOD_NOT_ALLOWED
        allow = f"Allow: {', '.join(READS)}\r\n" if is_refused else ""
        head = (
            f"HTTP/1.1 {self.status.value} {self.status.phrase}\r\n"
            f"Content-Type: {self.media_type}\r\nContent-Length: {len(self.body)}\r\n{allow}"
            "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
        )
        return head.encode() + (self.body if has_body else b"")


NOT_HERE = Answer(b'{"status":404}', HTTPStatus.NOT_FOUND)
NO_READ = Answer(b'{"status":405}', HTTPStatus.METHOD_NOT_ALLOWED)

Look = Callable[[str], Awaitable[Answer]]
"""Returns the answer for a path, `NOT_HERE` for one that is not served."""


async def serve(look: Look, host: str, port: int) -> None:
    """Answer every request on a port until cancelled. Raises `OSError` if the port is taken."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, asyncio.LimitOverrunError, EOFError):
            async with asyncio.timeout(SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                method, path = _asked(head)
                answer = await look(path)
                if method not in READS and answer is not NOT_HERE:
                    answer = NO_READ
                writer.write(answer.written(has_body=method != "HEAD"))
                await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, host, port) as server:
        await server.serve_forever()


def _asked(head: bytes) -> tuple[str, str]:
    """Return the method and the path, without its query; nothing for what is not HTTP."""
    method, _, rest = head.partition(b"\r\n")[0].decode("latin-1").partition(" ")
    return method, rest.partition(" ")[0].partition("?")[0]
