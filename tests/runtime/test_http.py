"""The client by which processes ask providers."""

import asyncio

from runtime.http import IDLE_SECONDS, create_http

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


async def test_a_connection_is_used_again_at_once_but_not_where_its_server_may_be_closing_it() -> (
    None
):
    connections = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(ANSWER)
        except asyncio.IncompleteReadError:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, create_http() as http:
        await http.get(url)
        await http.get(url)
        before = connections
        await asyncio.sleep(IDLE_SECONDS * 1.1)
        await http.get(url)
    assert before <= 2  # a second one where the machine was busy in between
    assert connections > before
