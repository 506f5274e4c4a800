"""Limits the size and the duration of HTTP requests before the application sees them.

uvicorn limits neither. It reads a header's value at a cost that grows with the square of its
length, and waits for the rest of a half-sent request for ever. Applications see a request only when
its head is complete, so no other place can limit this.
"""

import asyncio
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from typing import Any

from uvicorn._types import ASGI3Application
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState


@dataclass(frozen=True)
class Bounds:
    """Sizes in bytes, times in seconds. All are ours; proxies usually allow heads of 8 to 32 KB."""

    head: int = 64 * 1024
    """The size of a request's line and headers, and of a chunked body's framing."""
    url: int = 32 * 1024  # a long text in a webhook by GET is some 20 KB
    headers: int = 200
    """The number of headers in a request."""
    head_seconds: float = 20
    """The time from the connection, or the first byte, to the end of the headers."""
    pause_seconds: float = 20
    """The time without a byte of the body."""
    body_seconds: float = 60
    """The time from the first byte of the body to the last."""
    write_seconds: float = 60
    """The time in which the client reads nothing of an answer."""
    linger_seconds: float = 2
    """The time for a client that still sends to read a refusal."""
    half_sent: int = 1000
    """The number of half-sent requests in a process. One more ends the oldest."""


class ReadingState(Enum):
    """Where a connection is in its request."""

    nothing = auto()
    head = auto()
    body = auto()


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's protocol with limits: ends requests that are too large or take too long."""

    bounds = Bounds()
    half_sent: dict["BoundedHttp", None]
    """This server's connections that wait for the rest of a request, the oldest first."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._reading = ReadingState.nothing
        self._taken = 0  # bytes of the head, or of a body's framing
        self._has_content = False
        self._refusal: HTTPStatus | None = None
        self._answering: RequestResponseCycle | None = None
        self._began = self._last = 0.0
        self._waiting: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None

    # Callbacks of uvicorn and asyncio

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        self.resume_writing()
        super().connection_lost(exc)
        self._give_up()

    def data_received(self, data: bytes) -> None:
        if self._refusal:
            return
        self._taken += len(data)
        self._has_content = False
        super().data_received(data)
        if self._refusal:
            return
        if self.transport.is_closing():
            self._wait_no_more()
        elif self._is_awaited():
            self._check_frame()
            self._last = self.loop.time()
            self._wait()
        else:
            self._wait_no_more()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._reading = ReadingState.head
        self._wait_no_more()

    def on_headers_complete(self) -> None:
        self._refusal = self._too_large()
        if self._refusal:
            raise ValueError(self._refusal)  # the parser stops, and `send_400_response` answers
        self._reading, self._taken = ReadingState.body, 0
        self._wait_no_more()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._has_content = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._reading, self._taken = ReadingState.nothing, 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        if self._refusal is None:
            super().send_400_response(msg)
            return
        self._refuse(self._refusal)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._writing = self.loop.call_later(self.bounds.write_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        if self._writing:
            self._writing.cancel()
            self._writing = None
        super().resume_writing()

    # Sizes

    def _too_large(self) -> HTTPStatus | None:
        if len(self.url) > self.bounds.url:
            return HTTPStatus.REQUEST_URI_TOO_LONG
        if len(self.headers) > self.bounds.headers:
            return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        # Other bytes in this read may belong to the body or to the next request; counted there.
        if self._taken > self.bounds.head and self._size_of_head() > self.bounds.head:
            return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        return None

    def _size_of_head(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _check_frame(self) -> None:
        """Refuse a head that is too large before it ends, and a body that is mostly framing."""
        if self._reading is ReadingState.body and self._has_content:
            self._taken = 0
        elif self._taken > self.bounds.head:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    # Times

    def _is_awaited(self) -> bool:
        """Say whether more of a request is due; uvicorn itself ends idle connections."""
        if self._reading is not ReadingState.nothing:
            return True
        is_answering = self.cycle is not None and not self.cycle.response_complete
        return not is_answering and self.timeout_keep_alive_task is None

    def _wait(self) -> None:
        """Start the timer for the rest of a request, unless it runs."""
        if self._waiting or self.transport.is_closing():
            return
        self._began = self._last = self.loop.time()
        self._look_later()
        self.half_sent[self] = None
        if len(self.half_sent) > self.bounds.half_sent:
            next(iter(self.half_sent))._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _wait_no_more(self) -> None:
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None
            self.half_sent.pop(self, None)

    def _look_later(self) -> None:
        self._waiting = self.loop.call_at(self._ends(), self._look)

    def _ends(self) -> float:
        if self._reading is not ReadingState.body:
            return self._began + self.bounds.head_seconds
        paused, whole = self.bounds.pause_seconds, self.bounds.body_seconds
        return min(self._last + paused, self._began + whole)

    def _look(self) -> None:
        if self.loop.time() < self._ends():
            self._look_later()
            return
        self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer, unless an answer has begun, and end the connection."""
        self._refusal = status
        self._wait_no_more()
        if self.transport.is_closing():
            return
        self._end(None if self._has_answer() else _answer(status))
        self._give_up()

    def _give_up(self) -> None:
        """Tell the request being answered that the client is gone, and begin no further request.

        uvicorn tells only the latest request, but earlier ones may still be pipelined before it.
        """
        self.pipeline.clear()
        for cycle in (self._answering, self.cycle):
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True  # a reader of the body learns that no more will come
                cycle.message_event.set()

    def _end(self, answer: bytes | None) -> None:
        """End the connection, after the client has read the answer if there is one.

        Bytes that still arrive are discarded for a moment. Closing with unread bytes would reset
        the connection, and the answer would be lost.
        """
        if answer is None:
            self.transport.close()
            return
        self.transport.write(answer)
        self.transport.write_eof()
        self.flow.resume_reading()
        self.loop.call_later(self.bounds.linger_seconds, self.transport.abort)

    def _has_answer(self) -> bool:
        """Say whether an answer to this request has begun, or no request is under way."""
        match self._reading:
            case ReadingState.nothing:
                return True
            case ReadingState.head:  # an answer under way belongs to the previous request
                return self.cycle is not None and not self.cycle.response_complete
            case ReadingState.body:
                return self.cycle.response_started or bool(self.pipeline)


def bounded_http(bounds: Bounds | None = None) -> type[BoundedHttp]:
    """Return the protocol class for one server."""

    class OfOneServer(BoundedHttp):
        pass

    OfOneServer.bounds = bounds or Bounds()
    OfOneServer.half_sent = {}
    return OfOneServer


def _answer(status: HTTPStatus) -> bytes:
    sentence = f"{status.phrase}.".encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(sentence)}\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode() + sentence
