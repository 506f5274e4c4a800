"""A cable between browsers and the server: it can be pulled, plugged in again, and held."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

LOOPBACK = "127.0.0.1"


@dataclass
class Cable:
    """Passes bytes on to a port. While it is cut every connection is dropped at once; while it is
    held nothing passes and nothing ends, as with a server that hangs.
    """

    to_port: int
    is_cut: bool = False
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _passes: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._passes.set()

    def cut(self) -> None:
        self.is_cut = True
        for writer in self._open:
            writer.transport.abort()

    def hold(self) -> None:
        self._passes.clear()

    def mend(self) -> None:
        self.is_cut = False
        self._passes.set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        if self.is_cut:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection(LOOPBACK, self.to_port)
        if writer.transport.is_closing():  # cut while the far end was on its way
            far_writer.transport.abort()
            return
        ends = {writer, far_writer}
        self._open |= ends
        await asyncio.gather(self._pass_on(reader, far_writer), self._pass_on(far_reader, writer))
        self._open -= ends

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                await self._passes.wait()
                writer.write(data)
                await writer.drain()
        with suppress(ConnectionError):
            writer.close()
            await writer.wait_closed()


@asynccontextmanager
async def laid(to_port: int, port: int) -> AsyncIterator[Cable]:
    """Lay a cable from one port of this machine to another."""
    cable = Cable(to_port)
    server = await asyncio.start_server(cable.carry, LOOPBACK, port)
    try:
        yield cable
    finally:
        cable.mend()
        cable.cut()
        server.close()
        await server.wait_closed()
