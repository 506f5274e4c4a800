"""`switchboard api`: the web server."""

import asyncio
import socket
import sys
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


def _require_free(host: str, port: int) -> None:
    """Exit with 2, and a sentence, where the API cannot listen: the server would name no setting.

    Each address of the host is bound as asyncio does it, and given back.
    """
    try:
        found = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        for family, kind, protocol, _, address in found:
            with socket.socket(family, kind, protocol) as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    tried.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                tried.bind(address)
    except (OSError, UnicodeError) as error:  # the latter for what can be no host
        why = error.strerror if isinstance(error, OSError) else "there can be no such host"
        sys.stderr.write(
            f"The API cannot listen on SWITCHBOARD_API_HOST={host}, SWITCHBOARD_API_PORT={port}: "
            f"{why}.\n"
        )
        raise SystemExit(2) from None


def serve(settings: Settings) -> None:
    """Serve the API until a signal stops it.

    Exits with 2 if it cannot listen where the settings say, if the database's schema does not fit,
    or it and the namespace do not belong together.
    """
    if settings.web.api_socket is None:
        _require_free(settings.web.api_host, settings.web.api_port)
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
