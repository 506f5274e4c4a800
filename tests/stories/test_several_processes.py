"""Two API and two worker processes behind a PgBouncer: a whole conversation, and many at once."""

import asyncio
import json
import os
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import pytest
from typer.testing import CliRunner

from cli.demo import seed
from cli.main import app
from cli.up import FOREIGN, carrier
from embedded import postgres
from embedded.data_folder import opened
from embedded.machine import Machine, Ports, Processes
from embedded.supervisor import Supervisor, supervised
from tests.fixtures.pgbouncer import Pooler, pooled
from tests.fixtures.ports import own_port
from tests.fixtures.terminal import Terminal
from tests.stories.conftest import Board, eventually

NUMBER, LATE = "+15550190001", "+15550190002"
OURS = ("API", "API 2", "Worker", "Worker 2")
MANY = 30
SESSION_URL = "SWITCHBOARD_DATABASE_SESSION_URL"
PATIENT = {"SWITCHBOARD_SIMULATOR_WEBHOOK_RETRIES": "5"}
"""Of the carrier: many texts come at once, and a busy machine must not lose one for good."""
SEEN = "SELECT name FROM process ORDER BY name"
TEXTS = "SELECT count(*) FROM message WHERE text LIKE 'one of many%'"
"""How many of the many texts stand in a transcript."""


@dataclass(frozen=True)
class PooledMachine(Machine):
    """A machine whose processes reach PostgreSQL through a pooler, and listen past it."""

    pooler: Pooler | None = None

    @property
    def environment(self) -> Mapping[str, str]:
        own = self.cluster.url()
        return {
            **super().environment,
            "SWITCHBOARD_DATABASE_URL": self.pooler.url(own) if self.pooler else own,
            "SWITCHBOARD_DATABASE_POOLER": "true",
            "SWITCHBOARD_DATABASE_SESSION_URL": own,
        }


class Pooled(Terminal):
    """The parts as `switchboard up` starts them, in this process."""

    def __init__(self, machine: Machine, told: list[str]) -> None:
        self.folder, self.told = machine.folder, told
        self.ports = {"api": machine.ports.api, "simulator": machine.ports.simulator}

    @property
    def text(self) -> str:
        return "\n".join(self.told)


@pytest.fixture
def pooled_board(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Board]:
    for name in [name for name in os.environ if name.startswith(FOREIGN)]:
        monkeypatch.delenv(name)
    told: list[str] = []
    with (
        opened(open_folder / "pooled") as folder,
        supervised(folder, told.append) as supervisor,
        pooled(cluster := postgres.prepare(folder.path, is_durable=False), open_folder) as pooler,
    ):
        ports = Ports(own_port(), own_port(), own_port(), own_port())
        machine = PooledMachine(folder, ports, cluster, Processes(2, 2), pooler)
        start(machine, supervisor, monkeypatch)
        watching = threading.Thread(target=supervisor.watch)
        watching.start()
        board = Board(Pooled(machine, told))
        yield board
        board.http.close()
        supervisor.request_stop()
        watching.join()
        supervisor.stop()
        machine.door.close()


def start(machine: Machine, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start all parts, the schema made by the command that an operator runs."""
    supervisor.start(machine.servers())
    postgres.create_database(machine.cluster, postgres.DATABASE)
    for name, value in machine.environment.items():
        monkeypatch.setenv(name, value)
    migrated = CliRunner().invoke(app, ["migrate"])
    assert migrated.exit_code == 0, migrated.output
    url, keys = machine.cluster.url(), machine.encryption_keys
    demo = asyncio.run(seed(url, keys, simulator_url=machine.simulator_url))
    machine.folder.write_environment(machine.environment)
    supervisor.start(machine.application({**carrier(machine, demo), **PATIENT}))


def errors(board: Board) -> list[str]:
    """Return what our own processes logged as wrong."""
    logged = [board.terminal.folder.log(name).read_text() for name in OURS]
    lines = [line for log in logged for line in log.splitlines()]
    return [line for line in lines if json.loads(line)["level"] in ("error", "critical")]


@pytest.mark.timeout(600)  # a whole start, on however busy a machine
def test_processes_that_share_port_and_pooler_serve_as_one(pooled_board: Board) -> None:
    board = pooled_board
    parts = board.terminal.running()
    assert set(OURS) <= parts.keys()
    url = board.terminal.folder.read_environment()[SESSION_URL]
    with psycopg.connect(url, autocommit=True) as database:
        eventually(lambda: [name for (name,) in database.execute(SEEN)] == list(OURS))
        rated(board)

        with ThreadPoolExecutor(MANY) as phones:
            numbers = [f"+1555019{place:04}" for place in range(100, 100 + MANY)]
            list(phones.map(lambda number: board.text(number, f"one of many, {number}"), numbers))
        eventually(lambda: database.execute(TEXTS).fetchone() == (MANY,))
    assert errors(board) == []

    # One of them dies: the other takes what comes, and the supervisor starts it again.
    psutil.Process(parts["API 2"]).kill()
    eventually(lambda: "API 2 ended unexpectedly" in board.terminal.text)
    board.text(LATE, "is anybody there?")
    eventually(lambda: board.conversations(LATE))
    eventually(lambda: board.terminal.running().get("API 2", parts["API 2"]) != parts["API 2"])


def rated(board: Board) -> None:
    """Play a conversation from its first text to the rating."""
    for who in ("ann", "ben"):
        board.call(who, "PUT", f"/v1/agents/acme-{who}/state", state="online")
    board.text(NUMBER, "hello")
    held = board.when(NUMBER, "assigned")
    path = f"/v1/conversations/{held['id']}"
    board.insist(held["agent_id"], f"{path}/replies", "k1", text="How can I help?")
    eventually(lambda: "How can I help?" in board.phone(NUMBER))
    board.insist(held["agent_id"], f"{path}/close", "k2")
    board.when(NUMBER, "survey")
    eventually(lambda: board.is_asked(held["id"]))
    board.text(NUMBER, "5")
    assert board.when(NUMBER, "closed")["survey"]["score"] == 5
