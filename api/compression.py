"""Compresses answers: pages, JSON, files of pages, and live streams message by message.

The size of a compressed answer tells something of its content to whoever sees the encrypted bytes
and can put guesses into the same answer (BREACH). So secrets are left alone: those of log-ins,
tokens, bots and endpoints only ever stand in the answer to a POST, once, and only answers to GET
are compressed. Our forms hold no secret: they are proven by where they come from. What remains are
people's words beside other people's words, in streams and in lists: to guess at them takes somebody
who texts the brand and listens to an agent's network at the same time.
"""

import asyncio
import re
import zlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALLEST = 500
"""Bytes. Less is hardly smaller when compressed. Ours."""
IN_A_THREAD = 128 * 1024
"""Bytes whose compression takes milliseconds, in which the process should do other things. Ours."""
LEVEL = 5
GZIP = 16
"""Added to the size of the window, it asks zlib for gzip's format."""
LARGEST_WINDOW, ITS_MEMORY = 15, 8
STREAM_WINDOW, STREAM_MEMORY = 12, 5
"""4 KB of history: rows of conversations resemble each other. Together 32 KB for each open stream;
zlib's own choice would be 256 KB.
"""
STREAM = "text/event-stream"
COMPRESSED = re.compile(
    r"text/.*|application/(.*\+)?json|application/(manifest\+json|javascript|xml)|image/svg\+xml"
)
ACCEPTED = re.compile(r"(^|,)\s*(gzip|\*)\s*(;\s*q=(1(\.0*)?|0?\.\d*[1-9]\d*))?\s*(,|$)")
WITHOUT_BODY = (204, 206, 304)


class Compressed:
    """ASGI middleware: compresses answers to GET for clients that accept gzip."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        is_accepted = ACCEPTED.search(Headers(scope=scope).get("accept-encoding", "")) is not None
        await self.app(scope, receive, _Answer(send, is_accepted=is_accepted).send)


class _Answer:
    """One answer. Its beginning waits for the body, whose size decides."""

    def __init__(self, send: Send, *, is_accepted: bool) -> None:
        self._send = send
        self._is_accepted = is_accepted
        self._start: Message | None = None
        self._compressor: zlib._Compress | None = None
        self._flushes = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif message["type"] == "http.response.body" and self._start is not None:
            await self._first(self._start, message)
        elif message["type"] == "http.response.body" and self._compressor is not None:
            await self._send({**message, "body": self._more(self._compressor, message)})
        else:
            await self._send(message)

    async def _begin(self, start: Message) -> None:
        headers = MutableHeaders(raw=start["headers"])
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        is_fit = start["status"] not in WITHOUT_BODY and "content-encoding" not in headers
        is_kept = "no-transform" in headers.get("cache-control", "")
        if not is_fit or is_kept or COMPRESSED.fullmatch(kind) is None:
            await self._send(start)
            return
        headers.add_vary_header("Accept-Encoding")
        if not self._is_accepted:
            await self._send(start)
            return
        self._flushes = kind == STREAM
        self._start = start
        if self._flushes:
            self._start = None
            self._compress(headers)
            await self._send(start)

    async def _first(self, start: Message, message: Message) -> None:
        self._start = None
        body, is_whole = message.get("body", b""), not message.get("more_body", False)
        if is_whole and len(body) < SMALLEST:
            await self._send(start)
            await self._send(message)
            return
        headers = MutableHeaders(raw=start["headers"])
        compressor = self._compress(headers)
        if is_whole and len(body) > IN_A_THREAD:
            body = await asyncio.to_thread(self._more, compressor, message)
        else:
            body = self._more(compressor, message)
        if is_whole:
            headers["Content-Length"] = str(len(body))
        await self._send(start)
        await self._send({**message, "body": body})

    def _compress(self, headers: MutableHeaders) -> "zlib._Compress":
        window, memory = LARGEST_WINDOW, ITS_MEMORY
        if self._flushes:
            window, memory = STREAM_WINDOW, STREAM_MEMORY
        compressor = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP + window, memory)
        self._compressor = compressor
        headers["Content-Encoding"] = "gzip"
        del headers["Content-Length"]
        del headers["Accept-Ranges"]  # they are of the bytes before
        if tag := headers.get("etag"):
            headers["ETag"] = f"W/{tag.removeprefix('W/')}"  # other bytes of the same content
        return compressor

    def _more(self, compressor: "zlib._Compress", message: Message) -> bytes:
        body = compressor.compress(message.get("body", b""))
        if not message.get("more_body", False):
            return body + compressor.flush()
        return body + compressor.flush(zlib.Z_SYNC_FLUSH) if self._flushes else body
