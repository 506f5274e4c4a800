"""The limits of what strangers may send to the server, over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from cli.bounded_http import Bounds, bounded_http
from tests.fixtures.centre import PATIENCE_SECONDS
from tests.simulator.serving import TestServer

HEAD = b"POST / HTTP/1.1\r\nHost: a.test\r\n"
SHORT = Bounds(head_seconds=0.3, pause_seconds=0.3, body_seconds=0.9, write_seconds=0.3)
ENDLESS = 100
"""Pieces of a request that takes longer than allowed."""


@dataclass
class Served:
    """A server with our protocol, and the requests that its application saw."""

    port: int = 0
    bodies: list[bytes] = field(default_factory=list)
    cut_off: int = 0
    poured_out: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when an endless answer has ended."""

    @asynccontextmanager
    async def connected(
        self,
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            yield reader, writer
        finally:
            writer.close()

    async def answer_to(self, *pieces: bytes, pause: float = 0) -> bytes:
        """Send pieces with pauses; return all that the server answers until it closes."""
        async with asyncio.timeout(PATIENCE_SECONDS), self.connected() as (reader, writer):
            everything = asyncio.create_task(reader.read())
            for piece in pieces:
                if everything.done():
                    break
                writer.write(piece)
                await asyncio.sleep(pause)
            return await everything


@asynccontextmanager
async def serving(bounds: Bounds) -> AsyncIterator[Served]:
    served = Served()

    async def take(request: Request) -> Response:
        try:
            served.bodies.append(await request.body())
        except ClientDisconnect:
            served.cut_off += 1
            raise
        return PlainTextResponse("taken", headers={"Connection": "close"})

    async def pour(_: Request) -> Response:
        async def endless() -> AsyncIterator[bytes]:
            try:
                while True:
                    await asyncio.sleep(0)
                    yield b"x" * 65536
            finally:
                served.poured_out.set()

        return StreamingResponse(endless())

    async def never_mind(_: Request) -> Response:
        return PlainTextResponse("not read")

    routes = [
        Route("/", take, methods=["GET", "POST"]),
        Route("/pour", pour),
        Route("/not-read", never_mind, methods=["POST"]),
    ]
    # A server that is forced to exit leaves the task of its lifespan behind.
    config = uvicorn.Config(
        Starlette(routes=routes),
        port=0,
        log_config=None,
        lifespan="off",
        http=bounded_http(bounds),
        ws="none",
    )
    server = TestServer(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn sets no event
        await asyncio.sleep(0.005)
    served.port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.should_exit = True
        server.force_exit = True
        await task


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving(Bounds()) as served:
        yield served


@pytest.fixture
async def impatient() -> AsyncIterator[Served]:
    async with serving(SHORT) as served:
        yield served


async def test_a_usual_request_is_taken_in_one_piece_or_in_many(served: Served) -> None:
    whole = HEAD + b"Content-Length: 5\r\n\r\nhello"
    assert (await served.answer_to(whole)).endswith(b"taken")
    assert (await served.answer_to(*(bytes([one]) for one in whole))).endswith(b"taken")
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"
    assert (await served.answer_to(*(bytes([one]) for one in chunked))).endswith(b"taken")
    assert served.bodies == [b"hello"] * 3


async def test_a_body_of_the_size_we_take_comes_whole(served: Served) -> None:
    body = b"x" * 250_000
    head = HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode()
    assert (await served.answer_to(head, body)).endswith(b"taken")
    assert served.bodies == [body]


TOO_LARGE: dict[str, tuple[bytes, bytes]] = {
    "one long header": (b"X: " + b"a" * 70_000, b"431"),
    "one header without end": (b"X: " + b"a" * 3_000_000, b"431"),
    "a name without end": (b"a" * 300_000, b"431"),
    "many headers": (b"".join(b"X-%d: a\r\n" % n for n in range(300)), b"431"),
    "headers that together are long": (
        b"".join(b"X: %s\r\n" % (b"a" * 8000) for _ in range(9)),
        b"431",
    ),
}


@pytest.mark.parametrize("kind", TOO_LARGE)
async def test_a_request_whose_headers_are_too_large_is_refused(served: Served, kind: str) -> None:
    sent, status = TOO_LARGE[kind]
    for pieces in ([HEAD + sent + b"\r\n\r\n"], [HEAD, sent, b"\r\n\r\n"]):
        answer = await served.answer_to(*pieces)
        assert answer.startswith(b"HTTP/1.1 " + status), answer[:100]
    assert served.bodies == []


@pytest.mark.parametrize("kind", TOO_LARGE)
async def test_a_refusal_is_no_fault_of_the_server(served: Served, kind: str) -> None:
    faults: list[dict[str, object]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, fault: faults.append(fault))
    sent, _ = TOO_LARGE[kind]
    for times in (1, 40):
        await served.answer_to(HEAD + sent * times + b"\r\n\r\n")
    loop.set_exception_handler(None)
    assert not [fault for fault in faults if "transport" in fault], faults


async def test_an_address_that_is_too_long_is_refused(served: Served) -> None:
    for length, status in ((40_000, b"414"), (500_000, b"431")):
        for path in (b"/" + b"a" * length, b"/?q=" + b"a" * length):
            answer = await served.answer_to(b"GET ", path, b" HTTP/1.1\r\n", b"Host: a\r\n\r\n")
            assert answer[9:12] in (status, b"414"), answer[:100]
    assert served.bodies == []


FRAMES: dict[str, bytes] = {
    "a trailer": b"0\r\nX: " + b"a" * 2_000_000,
    "an extension of a chunk": b"1;x=" + b"a" * 2_000_000,
}


@pytest.mark.parametrize("kind", FRAMES)
async def test_a_chunked_body_of_little_but_its_frame_is_refused(served: Served, kind: str) -> None:
    answer = await served.answer_to(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", FRAMES[kind])
    assert answer.startswith((b"HTTP/1.1 431", b"HTTP/1.1 400")), answer[:100]


SLOW: dict[str, Callable[[], list[bytes]]] = {
    "half a head": lambda: [HEAD],
    "a head that trickles": lambda: [HEAD + b"X: ", *([b"a"] * ENDLESS)],
    "headers that trickle": lambda: [HEAD, *([b"X: a\r\n"] * ENDLESS)],
    "half a body": lambda: [HEAD + b"Content-Length: 100\r\n\r\nhalf"],
    "no body": lambda: [HEAD + b"Content-Length: 100\r\n\r\n"],
    "a body that trickles": lambda: [HEAD + b"Content-Length: 1000\r\n\r\n", *([b"a"] * ENDLESS)],
    "chunks that trickle": lambda: [
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
        *([b"1\r\na\r\n"] * ENDLESS),
    ],
    "a body that waits to be asked for": lambda: [
        HEAD + b"Expect: 100-continue\r\nContent-Length: 100\r\n\r\n"
    ],
}


@pytest.mark.parametrize("kind", SLOW)
async def test_a_half_sent_request_is_ended(impatient: Served, kind: str) -> None:
    answer = await impatient.answer_to(*SLOW[kind](), pause=0.05)
    assert b"HTTP/1.1 408" in answer, answer
    assert impatient.bodies == []


SILENT: dict[str, list[bytes]] = {
    "nothing": [],
    "empty lines": [b"\r\n"] * ENDLESS,
    "a body nobody reads": [
        b"POST /not-read HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n",
        *([b"a"] * ENDLESS),
    ],
    "half of a second request": [b"GET /not-read HTTP/1.1\r\nHost: a\r\n\r\n", b"GET / HT"],
}


@pytest.mark.parametrize("kind", SILENT)
async def test_a_connection_without_a_request_is_ended(impatient: Served, kind: str) -> None:
    with suppress(ConnectionResetError):  # what was sent and never read ends it less politely
        await impatient.answer_to(*SILENT[kind], pause=0.05)
    assert impatient.bodies == []


async def test_an_answer_that_nobody_takes_is_ended(impatient: Served) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS), impatient.connected() as (reader, writer):
        writer.write(b"GET /pour HTTP/1.1\r\nHost: a\r\n\r\n")
        await impatient.poured_out.wait()
        with suppress(ConnectionResetError):
            while await reader.read(1_000_000):
                pass  # only what was in flight still arrives


async def test_an_answer_ends_with_its_connection_whatever_else_was_asked_for_on_it(
    served: Served,
) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        async with served.connected() as (reader, writer):
            writer.write(b"GET /pour HTTP/1.1\r\nHost: a\r\n\r\n" + HEAD + b"\r\n")
            await reader.read(1000)
            writer.transport.abort()
        await served.poured_out.wait()
    assert served.bodies == []  # the pipelined request behind it is not answered


async def test_of_too_many_half_sent_requests_the_oldest_is_ended() -> None:
    async with serving(replace(Bounds(), half_sent=3)) as served, asyncio.timeout(PATIENCE_SECONDS):
        held = []
        for _ in range(5):
            connection = await asyncio.open_connection("127.0.0.1", served.port)
            connection[1].write(HEAD)
            await asyncio.sleep(0.05)
            held.append(connection)
        for reader, writer in held[:2]:
            assert (await reader.read()).startswith(b"HTTP/1.1 408")
            writer.close()
        for reader, writer in held[2:]:
            writer.write(b"Content-Length: 2\r\n\r\nhi")
            assert (await reader.read()).endswith(b"taken")
            writer.close()
