import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import psutil
import pytest

from embedded.data_folder import DataFolder
from embedded.ports import free_port

ROOT = Path(__file__).parents[2]
STORY_SECONDS = 110


class Terminal:
    """`switchboard up` in a terminal of its own, with free ports."""

    def __init__(self, data: Path) -> None:
        self.folder = DataFolder(data)
        self.ports = {name: free_port() for name in ("api", "simulator", "temporal", "temporal-ui")}
        self.screen = data.with_name("screen")
        options = [part for name, port in self.ports.items() for part in (f"--{name}-port", port)]
        with self.screen.open("wb") as screen:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cli.main", "up", "--data", data, *map(str, options)],
                cwd=ROOT,
                stdout=screen,
                stderr=subprocess.STDOUT,
            )

    @property
    def text(self) -> str:
        return self.screen.read_text()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + STORY_SECONDS
        while not condition():
            assert self.process.poll() is None, self.text
            assert time.monotonic() < deadline, self.text
            time.sleep(0.1)

    def running(self) -> dict[str, int]:
        return {one.name: one.pid for one in self.folder.read_ledger() if one.running()}


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.process.terminate()
        terminal.process.wait(60)


@pytest.mark.timeout(400)  # two whole starts, on however busy a machine
def test_everything_starts_survives_a_killed_worker_stops_and_starts_again(
    tmp_path: Path, terminals: list[Terminal]
) -> None:
    if os.geteuid() == 0:
        # pytest closes these to others; the database runs as another user then.
        for folder in (tmp_path, *tmp_path.parents[:2]):
            folder.chmod(0o711)
    first = Terminal(tmp_path / "my data")
    terminals.append(first)
    first.wait_for(lambda: "Stop with Ctrl-C" in first.text)
    parts = first.running()
    assert set(parts) == {"PostgreSQL", "Temporal", "Worker", "API", "Simulator"}
    for place in (f"127.0.0.1:{first.ports['api']}/docs", "ann@acme.example", "+15550100001"):
        assert place in first.text
    api = f"http://127.0.0.1:{first.ports['api']}"
    assert httpx2.get(f"{api}/health/ready").status_code == 200

    os.kill(parts["Worker"], signal.SIGKILL)
    first.wait_for(lambda: "Worker ended unexpectedly and is started again" in first.text)
    first.wait_for(lambda: first.running().get("Worker", parts["Worker"]) != parts["Worker"])

    parts = first.running()
    first.process.send_signal(signal.SIGINT)
    assert first.process.wait(60) == 0
    assert "Everything is stopped" in first.text
    assert not any(psutil.pid_exists(pid) for pid in parts.values())

    second = Terminal(tmp_path / "my data")
    terminals.append(second)
    second.wait_for(lambda: "Stop with Ctrl-C" in second.text)
