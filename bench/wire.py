"""A minimal HTTP client. A full one would use a third of the time of a text, because it runs on the
same machine as the measured installation.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


class RequestRefused(Exception):
    """The server did not answer with success."""


@dataclass(frozen=True)
class WireAnswer:
    status: int
    body: bytes


@dataclass(frozen=True)
class WireConnection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, request: bytes) -> WireAnswer:
        """Send a request and read its answer, which must have a Content-Length."""
        self.writer.write(request)
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head.split(b" ", 2)[1])
        _, found, rest = head.partition(b"content-length:")
        length = int(rest.split(b"\r\n", 1)[0]) if found else 0
        return WireAnswer(status, await self.reader.readexactly(length))


@dataclass(frozen=True)
class Wire:
    """Persistent connections to one server; each carries one request at a time."""

    url: str
    _free: list[WireConnection] = field(default_factory=list)
    _all: list[WireConnection] = field(default_factory=list)

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> WireAnswer:
        """Post and return the answer. Raises `RequestRefused` unless it is a success."""
        answer = await self._ask(self._request(path, body, headers))
        if not 200 <= answer.status < 300:
            raise RequestRefused(f"{path} answered {answer.status}: {answer.body!r}")
        return answer

    async def _ask(self, request: bytes) -> WireAnswer:
        while self._free:
            connection = self._free.pop()
            try:
                answer = await connection.ask(request)
            except (asyncio.IncompleteReadError, ConnectionError):
                continue  # the server closes connections that are idle for seconds
            self._free.append(connection)
            return answer
        connection = await self._opened()
        answer = await connection.ask(request)
        self._free.append(connection)
        return answer

    def _request(self, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        fixed = {"Host": urlsplit(self.url).netloc, "Content-Length": str(len(body))}
        lines = [f"{name}: {value}\r\n" for name, value in {**fixed, **headers}.items()]
        return f"POST {path} HTTP/1.1\r\n{''.join(lines)}\r\n".encode() + body

    async def _opened(self) -> WireConnection:
        place = urlsplit(self.url)
        connection = WireConnection(*await asyncio.open_connection(place.hostname, place.port))
        self._all.append(connection)
        return connection

    async def close(self) -> None:
        for connection in self._all:
            connection.writer.close()
            with suppress(ConnectionError):  # an overloaded server ended it first
                await connection.writer.wait_closed()


@asynccontextmanager
async def wired(url: str) -> AsyncIterator[Wire]:
    """Provide connections to a server for the duration of a block."""
    wire = Wire(url)
    try:
        yield wire
    finally:
        await wire.close()
