"""Serves ASGI applications on the tests' event loop over real sockets, one at a time."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from simulator.broken import Resettable


class TestServer(uvicorn.Server):
    """A server that leaves signals to pytest, and stops at once."""

    __test__ = False

    async def main_loop(self) -> None:
        """Check ten times as often as usual whether to stop: hundreds of tests wait for that."""
        should_exit = await self.on_tick(0)
        while not should_exit:
            await asyncio.sleep(0.01)
            should_exit = await self.on_tick(1)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Stage:
    """One address for many applications, because a server for each test would be slow."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._app: FastAPI | None = None

    @asynccontextmanager
    async def playing(self, app: FastAPI) -> AsyncIterator[None]:
        """Serve `app` for the duration of a block."""
        self._app = app
        async with app.router.lifespan_context(app):
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._app is not None
        await self._app({**scope, "app": self._app}, receive, send)


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Open a stage on a free port of this machine."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        stage = Stage(f"http://127.0.0.1:{listening.getsockname()[1]}")
        server = TestServer(
            uvicorn.Config(
                stage, lifespan="off", log_config=None, access_log=False, http=Resettable
            )
        )
        task = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield stage
        finally:
            server.should_exit = True
            await task
