"""Responses that end the connection instead of answering."""

import asyncio
import socket
import struct

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

TRANSPORT = "simulator.transport"
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Resettable(HttpToolsProtocol):
    """uvicorn's protocol, which also tells the application on which connection a request came."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {TRANSPORT: {TRANSPORT: self.transport}}


class DroppedConnection(Response):
    """Begins an answer, and ends the connection before the first byte of content."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 201, "headers": headers})


class ResetConnection(DroppedConnection):
    """Resets the connection without sending a byte; other protocols than ours only drop it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = scope.get("extensions", {}).get(TRANSPORT, {}).get(TRANSPORT)
        if not isinstance(found, asyncio.Transport):
            await super().__call__(scope, receive, send)
            return
        connection = found.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        found.abort()
