import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from embedded.data_folder import DataFolder, opened
from embedded.errors import EmbeddedError
from embedded.processes import Program, start
from embedded.supervisor import StopRequested, supervised
from tests.embedded.programs import FALLS, STAYS, STUBBORN, part

HOST = """
import sys
from pathlib import Path
from embedded.data_folder import opened
from embedded.processes import Program, start
from embedded.supervisor import supervised
from tests.embedded.programs import STAYS, part
with opened(Path(sys.argv[1])) as folder, supervised(folder, lambda text: None) as supervisor:
    supervisor.start([part("One", STAYS, folder.log("One")), part("Two", STAYS, folder.log("Two"))])
    print("watching", flush=True)
    supervisor.watch()
"""


def running(folder: DataFolder) -> list[int]:
    return [one.pid for one in folder.read_ledger() if one.running()]


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def host(folder: Path) -> "subprocess.Popen[bytes]":
    """Supervise two programs from a separate process."""
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", HOST, str(folder)],
        stdout=subprocess.PIPE,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert process.stdout
    assert process.stdout.readline() == b"watching\n"
    return process


def test_every_started_process_is_gone_afterwards(tmp_path: Path) -> None:
    with opened(tmp_path) as folder:
        with supervised(folder, print) as supervisor:
            supervisor.start([part("Server", STAYS, folder.log("Server"))])
            supervisor.start([part("Stubborn", STUBBORN, folder.log("Stubborn"), patience=0.2)])
            pids = running(folder)
            assert len(pids) == 2
        assert not any(psutil.pid_exists(pid) for pid in pids)
        assert running(folder) == []


def test_a_part_that_does_not_come_up_is_named_with_the_end_of_its_log(tmp_path: Path) -> None:
    with (
        opened(tmp_path) as folder,
        supervised(folder, print) as supervisor,
        pytest.raises(EmbeddedError, match=r"Broken ended \(exit code 3\).*\nthe reason"),
    ):
        supervisor.start([part("Broken", FALLS, folder.log("Broken"))])


def test_a_missing_program_is_reported_in_one_sentence(tmp_path: Path) -> None:
    with opened(tmp_path) as folder, supervised(folder, print) as supervisor:
        missing = part("Missing", STAYS, folder.log("Missing"))
        object.__setattr__(missing.program, "command", ("/nowhere/program",))
        with pytest.raises(EmbeddedError, match="Missing cannot be started: /nowhere/program"):
            supervisor.start([missing])


def test_a_killed_worker_is_started_again(tmp_path: Path) -> None:
    said: list[str] = []

    def report(text: str) -> None:
        said.append(text)
        if "restarted" in text:
            os.kill(os.getpid(), signal.SIGTERM)

    with opened(tmp_path) as folder, supervised(folder, report) as supervisor:
        supervisor.start([part("Worker", STAYS, folder.log("Worker"), may_restart=True)])
        (first,) = running(folder)
        os.kill(first, signal.SIGKILL)
        supervisor.watch()
        (second,) = running(folder)
    assert second != first
    assert said[-1] == "Worker ended unexpectedly and is being restarted; nothing is lost"


def test_a_worker_that_keeps_dying_ends_it_all(tmp_path: Path) -> None:
    briefly = "print('here I am', flush=True); import time; time.sleep(0.3); raise SystemExit(4)"
    said: list[str] = []
    with opened(tmp_path) as folder, supervised(folder, said.append) as supervisor:
        supervisor.start([part("Worker", briefly, folder.log("Worker"), may_restart=True)])
        with pytest.raises(EmbeddedError, match=r"Worker ended \(exit code 4\)"):
            supervisor.watch()
    assert len([text for text in said if "being restarted" in text]) == 3


def test_a_worker_that_says_it_is_ill_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embedded.supervisor.HEALTH_SECONDS", 0.1)
    said: list[str] = []
    with opened(tmp_path) as folder, supervised(folder, said.append) as supervisor:
        worker = part("Worker", STAYS, folder.log("Worker"), may_restart=True)

        def is_ill() -> bool:
            os.kill(os.getpid(), signal.SIGTERM)
            return True

        supervisor.start([replace(worker, is_ill=is_ill)])
        (first,) = running(folder)
        supervisor.watch()
        (second,) = running(folder)
    assert second != first
    assert said[-1] == "Worker reports that it is stuck and is being restarted; nothing is lost"


def test_a_part_that_is_slow_but_makes_progress_is_waited_for_and_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embedded.progress.TELL_SECONDS", 0.3)
    monkeypatch.setattr("embedded.progress.LOOK_SECONDS", 0.1)
    slow = "import time; [time.sleep(0.3) or print(n, flush=True) for n in range(15)]; " + STAYS
    said: list[str] = []
    with opened(tmp_path) as folder, supervised(folder, said.append) as supervisor:
        supervisor.start([part("Slow", slow, folder.log("Slow"), stuck=4)])
    assert any(re.match(r"Slow is still starting after .* load is \d+ on", one) for one in said)
    assert said[-1] == "Slow is running"


def test_a_part_without_progress_is_given_up_and_its_log_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embedded.progress.LOOK_SECONDS", 0.1)
    idle = "print('so far', flush=True); import time; time.sleep(600)"
    with (
        opened(tmp_path) as folder,
        supervised(folder, print) as supervisor,
        pytest.raises(EmbeddedError, match=r"Idle has done nothing for 4 s .*\nso far"),
    ):
        supervisor.start([part("Idle", idle, folder.log("Idle"), stuck=4)])


def test_a_lost_server_ends_it_all(tmp_path: Path) -> None:
    with opened(tmp_path) as folder, supervised(folder, print) as supervisor:
        supervisor.start([part("Server", STAYS, folder.log("Server"))])
        os.kill(running(folder)[0], signal.SIGKILL)
        with pytest.raises(EmbeddedError, match=r"Server ended \(signal SIGKILL\)"):
            supervisor.watch()


def test_ctrl_c_while_starting_is_heeded(tmp_path: Path) -> None:
    silent = "import time; time.sleep(600)"
    with opened(tmp_path) as folder, supervised(folder, print) as supervisor:
        supervisor.start([part("Server", STAYS, folder.log("Server"))])
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(StopRequested):
            supervisor.start([part("Slow", silent, folder.log("Slow"))])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_nothing_runs_on_when_the_supervisor_is_ended(tmp_path: Path, number: int) -> None:
    process = host(tmp_path)
    pids = running(DataFolder(tmp_path))
    assert len(pids) == 2
    process.send_signal(number)
    process.communicate()
    eventually(lambda: not any(psutil.pid_exists(pid) for pid in pids))


def test_the_next_start_ends_what_was_left_behind(tmp_path: Path) -> None:
    process = host(tmp_path)
    pids = running(DataFolder(tmp_path))
    guards = [child for child in psutil.Process(process.pid).children() if child.pid not in pids]
    for guard in guards:
        guard.kill()
    process.kill()
    process.communicate()
    said: list[str] = []
    with opened(tmp_path) as folder, supervised(folder, said.append):
        eventually(lambda: not any(psutil.pid_exists(pid) for pid in pids))
    assert said == ["Ending 2 processes that an interrupted run left behind"]


def test_a_process_that_only_inherited_the_number_is_left_alone(tmp_path: Path) -> None:
    with opened(tmp_path) as folder:
        (tmp_path / "processes.json").write_text(
            json.dumps([{"name": "Old", "pid": os.getpid(), "started": 1.0, "stop_signal": 9}])
        )
        with supervised(folder, print):
            pass


def test_two_cannot_run_from_one_folder(tmp_path: Path) -> None:
    refused = pytest.raises(EmbeddedError, match=rf"process {os.getpid()}.*--data")
    with opened(tmp_path), refused, opened(tmp_path):
        pass
    with opened(tmp_path):
        pass


def test_settings_written_for_other_commands_are_read_back(tmp_path: Path) -> None:
    variables = {"ONE": "http://127.0.0.1:8000", "TWO": "with 'quotes' and spaces"}
    with opened(tmp_path) as folder:
        assert folder.read_environment() == {}
        folder.write_environment(variables)
        assert folder.read_environment() == variables
        assert folder.environment.stat().st_mode & 0o777 == 0o600


def test_a_part_with_a_lower_priority_gets_less_of_a_core(tmp_path: Path) -> None:
    program = Program("Modest", (sys.executable, "-c", STAYS), niceness=10)
    child = start(program, tmp_path / "modest.log")
    try:
        child.let_others_go_first()
        assert psutil.Process(child.pid).nice() == 10
    finally:
        child.stop()
