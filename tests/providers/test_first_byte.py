"""What is done before the first byte of a call leaves, over a real connection."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx2
import pytest

from providers.calls import call, in_time, remembered
from providers.contract import SendError, SendOutcome
from providers.first_byte import before_first_byte
from tests.fixtures.plain_http import PLAIN

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class Listener:
    """A server that keeps what it gets, and answers each request."""

    url: str = ""
    connections: int = 0
    got: bytearray = field(default_factory=bytearray)
    reads: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.reads.set()
        while head := await reader.read(65536):
            self.got += head
            writer.write(ANSWER)
            await writer.drain()
        writer.close()


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    there = Listener()
    server = await asyncio.start_server(there.serve, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        there.url = f"http://{host}:{port}/"
        yield there


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False, verify=PLAIN) as client:
        yield client


async def test_it_is_done_once_when_the_connection_stands_and_nothing_was_written(
    listener: Listener, http: httpx2.AsyncClient
) -> None:
    found: list[tuple[int, int]] = []

    async def do() -> None:
        await listener.reads.wait()
        await asyncio.sleep(0.05)  # what had been written would have come by now
        found.append((listener.connections, len(listener.got)))

    with before_first_byte(do) as first:
        for _ in range(2):
            assert (await call(http, "POST", listener.url, json={"to": "x"})).is_success
    assert found == [(1, 0)]
    assert first.is_past


async def test_it_is_done_before_the_first_byte_on_a_connection_that_stood_before(
    listener: Listener, http: httpx2.AsyncClient
) -> None:
    await call(http, "POST", listener.url, json={"to": "x"})
    before = len(listener.got)
    found: list[int] = []

    async def do() -> None:
        await asyncio.sleep(0.05)
        found.append(len(listener.got) - before)

    with before_first_byte(do):
        await call(http, "POST", listener.url, json={"to": "y"})
    assert (found, listener.connections) == ([0], 1)


async def test_what_it_raises_stops_the_call_and_the_next_call_is_made(
    listener: Listener, http: httpx2.AsyncClient
) -> None:
    async def refuse() -> None:
        raise LookupError

    with remembered() as made, before_first_byte(refuse) as first:
        with pytest.raises(LookupError):
            await call(http, "POST", listener.url, json={"to": "x"})
        assert (first.is_past, first.is_refused, bytes(listener.got)) == (False, True, b"")
    assert made == []
    assert (await call(http, "POST", listener.url, json={"to": "y"})).is_success
    assert b'"x"' not in listener.got


async def test_it_is_not_done_where_nobody_listens(http: httpx2.AsyncClient) -> None:
    async def never() -> None:
        raise AssertionError

    with before_first_byte(never) as first, pytest.raises(SendError) as refused:
        await call(http, "POST", "http://127.0.0.1:1/", json={})
    assert refused.value.outcome is SendOutcome.not_processed
    assert not first.is_past


async def test_the_limit_of_a_call_does_not_run_meanwhile(
    listener: Listener, http: httpx2.AsyncClient
) -> None:
    async def slowly() -> None:
        await asyncio.sleep(2.5)

    with before_first_byte(slowly):
        assert (await in_time(call(http, "POST", listener.url, json={}), 2)).is_success
