"""`switchboard api`: the web server."""

import asyncio
import socket
from types import FrameType

import uvicorn
from fastapi import FastAPI

from application.server import create_app
from cli.bounded_http import bounded_http
from runtime.metrics import Metrics
from runtime.namespace import watch_namespace
from runtime.pauses import spare_what_stays
from runtime.schema import watch_fit
from security.secrets import Keyring
from settings import Settings

GRACE_SECONDS = 10
IDLE_SECONDS = 75
"""How long a connection is kept for the next request. Ours: longer than the 60 s of common proxies,
which otherwise send a text into one that is being closed.
"""


class Server(uvicorn.Server):
    """Tells open event streams at once that the server stops, because they would delay it."""

    def __init__(self, config: uvicorn.Config, stopping: asyncio.Event) -> None:
        super().__init__(config)
        self._stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        spare_what_stays()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._stopping.set()
        super().handle_exit(sig, frame)


def _shared(settings: Settings) -> list[socket.socket] | None:
    """Return the socket that several API processes share, if this is one of them."""
    number = settings.web.api_socket
    return None if number is None else [socket.socket(fileno=number)]


def serve(settings: Settings) -> None:
    """Serve the API until a signal stops it.

    Exits with 2 if the database's schema does not fit, or it and the namespace do not belong
    together.
    """
    metrics = Metrics.begin(settings, "api")
    watch_fit(settings.database.url)
    keyring = Keyring.parse(settings.security.encryption_keys.get_secret_value())
    watch_namespace(settings.database.url, keyring.payload_cipher())
    app: FastAPI = create_app(settings, metrics)
    config = uvicorn.Config(
        app,
        host=settings.web.api_host,
        port=settings.web.api_port,
        log_config=None,
        access_log=False,
        http=bounded_http(),
        ws="none",
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    Server(config, app.state.stopping).run(_shared(settings))
    metrics.end()
