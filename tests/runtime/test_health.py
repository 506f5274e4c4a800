"""A container asks its own process whether it lives, at the port that its settings name."""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from tests.cli.test_main import run


class Answers(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        assert self.path == "/health/live"
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), Answers) as serving:
        thread = Thread(target=serving.serve_forever)
        thread.start()
        yield serving
        serving.shutdown()
        thread.join()


def test_api_and_worker_are_asked_at_the_port_of_their_settings(
    server: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = str(server.server_address[1])
    at = {"SWITCHBOARD_API_PORT": port, "SWITCHBOARD_API_HOST": "0.0.0.0"}
    assert run("health", environment=at) == (0, "")
    at = {"SWITCHBOARD_WORKER_HEALTH_PORT": port, "SWITCHBOARD_WORKER_HEALTH_HOST": "127.0.0.1"}
    assert run("health", "worker", environment=at) == (0, "")
    monkeypatch.setattr(Answers, "status", 503)
    assert run("health", "worker", environment=at) == (
        1,
        "The worker is not well: it answers 503.\n",
    )


def test_who_cannot_be_asked_is_a_sentence() -> None:
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
        code, output = run("health", environment={"SWITCHBOARD_API_PORT": port})
    assert (code, output) == (1, f"The api does not answer on 127.0.0.1, port {port}.\n")
    assert run("health", "worker") == (
        2,
        "SWITCHBOARD_WORKER_HEALTH_PORT is not set, so the worker tells nobody.\n",
    )
    odd = {"SWITCHBOARD_API_PORT": "eighty"}
    assert run("health", environment=odd) == (2, "SWITCHBOARD_API_PORT is not a port.\n")
    assert run("health", "router")[0] == 2
