"""HTTP for strangers: how large a request may be before it is read, and how long it may take.

uvicorn bounds neither. It gathers a header's value at a cost that grows with the square of its
length, and waits for the rest of a half-sent request without end. Applications see a request only
once its head is whole, so this can be bounded nowhere else.
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
    """Sizes in bytes, times in seconds. All are ours; proxies usually allow 8 to 32 KB of head."""

    head: int = 64 * 1024
    """Of a request's line and headers, and of what a chunked body carries beside its content."""
    url: int = 32 * 1024  # a long text in a webhook by GET is some 20 KB
    headers: int = 200
    """How many headers a request may have."""
    head_seconds: float = 20
    """From the connection, or the first byte, to the end of the headers."""
    pause_seconds: float = 20
    """Without a byte of the body."""
    body_seconds: float = 60
    """From the first byte of the body to its last."""
    write_seconds: float = 60
    """In which nothing of an answer is taken."""
    linger_seconds: float = 2
    """For a refusal to be read by who still sends."""
    half_sent: int = 1000
    """Half-sent requests of one process; with one more the one that waits longest is ended."""


class ReadingState(Enum):
    """Where a connection is in its request."""

    nothing = auto()
    head = auto()
    body = auto()


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's protocol, which ends what is too large or takes too long."""

    bounds = Bounds()
    half_sent: dict["BoundedHttp", None]
    """The connections of this server that wait for the rest of a request, the oldest first."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._reading = ReadingState.nothing
        self._taken = 0  # bytes of the head, or of a body's frame without content
        self._has_content = False
        self._refusal: HTTPStatus | None = None
        self._answering: RequestResponseCycle | None = None
        self._began = self._last = 0.0
        self._waiting: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None

    # What uvicorn and asyncio call

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
        # Bytes that came with it may be of the body, or of another request: counted only then.
        if self._taken > self.bounds.head and self._size_of_head() > self.bounds.head:
            return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        return None

    def _size_of_head(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _check_frame(self) -> None:
        """Refuse a head that is too large before it ends, and a body of little but its frame."""
        if self._reading is ReadingState.body and self._has_content:
            self._taken = 0
        elif self._taken > self.bounds.head:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    # Times

    def _is_awaited(self) -> bool:
        """Say whether more of a request must come; a connection between two has its own end."""
        if self._reading is not ReadingState.nothing:
            return True
        is_answering = self.cycle is not None and not self.cycle.response_complete
        return not is_answering and self.timeout_keep_alive_task is None

    def _wait(self) -> None:
        """See to it that the rest of a request comes in time; already seen to is no harm."""
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
        """Tell what is being answered that nobody is there any more; begin nothing behind it.

        uvicorn tells the latest request only, and others may stand before it on a connection.
        """
        self.pipeline.clear()
        for cycle in (self._answering, self.cycle):
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True  # whoever reads the body learns that no more will come
                cycle.message_event.set()

    def _end(self, answer: bytes | None) -> None:
        """End the connection; with an answer only once it was read.

        What is still sent is thrown away for a moment: closed over it, the connection would be
        reset, and the answer lost.
        """
        if answer is None:
            self.transport.close()
            return
        self.transport.write(answer)
        self.transport.write_eof()
        self.flow.resume_reading()
        self.loop.call_later(self.bounds.linger_seconds, self.transport.abort)

    def _has_answer(self) -> bool:
        """Say whether an answer to this request has begun, or there is no request to answer."""
        match self._reading:
            case ReadingState.nothing:
                return True
            case ReadingState.head:  # what is under way then answers the request before
                return self.cycle is not None and not self.cycle.response_complete
            case ReadingState.body:
                return self.cycle.response_started or bool(self.pipeline)


def bounded_http(bounds: Bounds | None = None) -> type[BoundedHttp]:
    """Return the protocol of one server."""

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
