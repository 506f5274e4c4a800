"""Child processes: started in a group of their own, logged to a file, stopped for sure."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from embedded.errors import EmbeddedError
from embedded.server_user import ServerUser

POLL_SECONDS = 0.05
TAIL_LINES = 15


@dataclass(frozen=True)
class Program:
    """What to start and how to ask it to stop."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = Path("/")
    user: ServerUser | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10.0
    niceness: int = 0
    """How much it lets others go first where there are not enough cores: 0 to 19."""


class Child:
    """A running program."""

    def __init__(self, program: Program, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.program = program
        self.process = process
        self.log = log

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def exit_code(self) -> int | None:
        """The exit code, negative for the number of a signal; None while it runs."""
        return self.process.poll()

    def ask_to_stop(self) -> None:
        if self.exit_code is None:
            self.process.send_signal(self.program.stop_signal)

    def stop(self) -> None:
        """Ask it to stop, wait, and end the whole group when it does not follow."""
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(self.program.stop_seconds)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()

    def tail(self) -> str:
        """Return the last lines of its log."""
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-TAIL_LINES:])


def start(program: Program, log: Path) -> Child:
    """Start a program with its output appended to the log; raises `EmbeddedError`."""
    user = program.user
    with log.open("ab") as output:
        try:
            process = subprocess.Popen(
                program.command,
                env={**os.environ, **program.environment},
                cwd=program.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C at the terminal reaches only us: we stop the parts in order.
                start_new_session=True,
                user=user.uid if user else None,
                group=user.gid if user else None,
                extra_groups=[] if user else None,
            )
        except OSError as error:
            raise EmbeddedError(
                f"{program.name} cannot be started: {program.command[0]}: {error.strerror}."
            ) from error
    if program.niceness:
        _let_others_go_first(process.pid, program.niceness)
    return Child(program, process, log)


def _let_others_go_first(pid: int, niceness: int) -> None:
    """Lower a process's share of the cores, before it has threads or children to inherit it."""
    with suppress(OSError):  # gone already, or not ours to say: then it runs like the others
        os.setpriority(os.PRIO_PROCESS, pid, niceness)
        # Linux with autogroups shares the cores between sessions first, and each part is one.
        Path(f"/proc/{pid}/autogroup").write_text(str(niceness))


def wait_until(child: Child, is_ready: Callable[[], bool], *, seconds: float) -> None:
    """Return when the child is ready; raises `EmbeddedError` when it ends or takes too long."""
    deadline = time.monotonic() + seconds
    while not is_ready():
        if child.exit_code is not None:
            raise EmbeddedError(ended_sentence(child))
        if time.monotonic() > deadline:
            raise EmbeddedError(
                f"{child.program.name} did not become ready in {seconds:.0f} s; "
                f"its log is {child.log}:\n{child.tail()}"
            )
        time.sleep(POLL_SECONDS)


def ended_sentence(child: Child) -> str:
    code = child.exit_code or 0
    how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    return f"{child.program.name} ended ({how}); the end of its log {child.log}:\n{child.tail()}"
