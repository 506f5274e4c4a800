"""One whole Switchboard for all stories, and short words for what people do with it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx2
import psutil
import pytest

from tests.fixtures.terminal import Terminal

T = TypeVar("T")

PATIENCE = 120
SUPPORT = "+15550100001"


@dataclass
class Board:
    """A running Switchboard, seen from outside: over HTTP and by its processes."""

    terminal: Terminal
    http: httpx2.Client = field(default_factory=lambda: httpx2.Client(timeout=60))
    tokens: dict[str, str] = field(default_factory=dict)

    def pid(self, part: str) -> int:
        return eventually(lambda: self.terminal.running().get(part))

    def kill_worker(self) -> None:
        """Kill the worker as hard as it gets; it is started again by itself.

        Not while it speaks to the provider: nobody knows then whether the text has left, and it is
        rather left `unknown` than sent twice (`tests/activities` has that).
        """
        worker = eventually(self._worker)
        worker.suspend()
        while self._speaks_to_provider():
            worker.resume()
            time.sleep(0.05)
            worker.suspend()
        worker.kill()
        worker.wait(PATIENCE)  # else the next one to be killed may be this one, still being buried

    def _worker(self) -> psutil.Process | None:
        try:
            return psutil.Process(self.pid("Worker"))
        except psutil.NoSuchProcess:  # the next one is not started yet
            return None

    def kill_api(self) -> None:
        """Kill the API as hard as it gets, and wait until it is started again by itself."""
        killed = self.pid("API")
        psutil.Process(killed).kill()
        eventually(lambda: self.pid("API") != killed and self._is_up())

    def _is_up(self) -> bool:
        try:
            return self.http.get(self.terminal.address("api") + "/health/live").is_success
        except httpx2.TransportError:
            return False

    def _speaks_to_provider(self) -> bool:
        time.sleep(0.1)  # a claim on its way to the database arrives
        every = self.call("mia", "GET", "/v1/conversations?view=all").json()["items"]
        paths = [f"/v1/conversations/{one['id']}/transcript" for one in every]
        shown = [self.call("mia", "GET", path).json()["items"] for path in paths]
        return any(message["status"] == "sending" for items in shown for message in items)

    def call(self, who: str, method: str, path: str, **body: object) -> httpx2.Response:
        """Call the API as a person of the demo brand."""
        return self.http.request(
            method,
            self.terminal.address("api") + path,
            json=body or None,
            headers={"Authorization": f"Bearer {self._token(who)}"},
        )

    def _token(self, who: str) -> str:
        if who not in self.tokens:
            name = who.removeprefix("acme-")
            log_in = {"email": f"{name}@acme.example", "password": f"{name}-loves-hiking"}
            url = self.terminal.address("api") + "/v1/sessions"
            self.tokens[who] = self.http.post(url, json=log_in).json()["token"]
        return self.tokens[who]

    def insist(self, who: str, path: str, key: str, **body: object) -> httpx2.Response:
        """Give a command again with its key until the engine answers."""
        return eventually(lambda: self._try(who, path, key, body))

    def _try(
        self, who: str, path: str, key: str, body: dict[str, object]
    ) -> httpx2.Response | None:
        headers = {"Authorization": f"Bearer {self._token(who)}", "Idempotency-Key": key}
        url = self.terminal.address("api") + path
        answer = self.http.post(url, json=body or None, headers=headers)
        if answer.status_code == 503:
            return None
        assert answer.is_success, answer.text
        return answer

    def text(self, number: str, text: str, to: str = SUPPORT) -> httpx2.Response:
        """Text a line from a phone."""
        url = f"{self.terminal.address('simulator')}/phones/{number}/texts"
        answer = self.http.post(url, json={"to": to, "body": text})
        answer.raise_for_status()
        return answer

    def phone(self, number: str) -> list[str]:
        """Return what the brand sent to a phone."""
        url = f"{self.terminal.address('simulator')}/phones/{number}/messages"
        return [one["text"] for one in self.http.get(url).json() if one["author"] == "brand"]

    def conversations(self, number: str) -> list[dict[str, Any]]:
        """Return the number's conversations, newest first."""
        answer = self.call("mia", "GET", f"/v1/conversations?number={number.replace('+', '%2B')}")
        return list(answer.json()["items"])

    def when(self, number: str, status: str) -> dict[str, Any]:
        """Wait until the newest conversation stands like this."""

        def look() -> dict[str, Any] | None:
            found = self.conversations(number)
            return found[0] if found and found[0]["status"] == status else None

        return eventually(look)

    def is_asked(self, conversation_id: str) -> bool:
        """Say whether the survey's question has left: what is texted before answers nothing."""
        answer = self.call("mia", "GET", f"/v1/conversations/{conversation_id}/transcript")
        asked = [one for one in answer.json()["items"] if one["automatic"] == "survey_question"]
        return bool(asked) and asked[0]["status"] in ("sent", "delivered", "unknown")

    def transcript(self, conversation_id: str) -> list[tuple[str, str]]:
        """Return author and text, or automatic event, of every message."""
        answer = self.call("mia", "GET", f"/v1/conversations/{conversation_id}/transcript")
        return [(one["author"], one["automatic"] or one["text"]) for one in answer.json()["items"]]


@contextmanager
def paused(pid: int) -> Iterator[None]:
    """Let a process hear nothing and answer nothing for a while."""
    process = psutil.Process(pid)
    process.suspend()
    try:
        yield
    finally:
        process.resume()


def eventually(look: Callable[[], T | None], *, seconds: float = PATIENCE) -> T:
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"never came: {found!r}"
        time.sleep(0.1)


@pytest.fixture(scope="session")
def board(running_switchboard: Terminal) -> Iterator[Board]:
    """The whole product with its demo brand, and Ann and Ben online."""
    board = Board(running_switchboard)
    for who in ("ann", "ben"):
        board.call(who, "PUT", f"/v1/agents/acme-{who}/state", state="online")
    yield board
    board.http.close()
