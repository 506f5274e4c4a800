"""Child processes, each with its own process group and log file; killed if they do not stop."""

import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from embedded.errors import EmbeddedError
from embedded.server_user import ServerUser

TAIL_LINES = 15


@dataclass(frozen=True)
class Program:
    """A program to start, and how to stop it."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = Path("/")
    user: ServerUser | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10.0
    sockets: tuple[int, ...] = ()
    """Numbers of open sockets that are handed down to it."""
    niceness: int = 0
    """How much it yields to others when cores are scarce: 0 to 19."""


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
        """Ask it to stop, wait, and kill the whole group if it does not."""
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(self.program.stop_seconds)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()

    def let_others_go_first(self) -> None:
        """Lower its priority to the program's `niceness`.

        Call this only after it has started, because a start with low priority takes minutes on a
        busy machine.
        """
        if not self.program.niceness:
            return
        with suppress(OSError):  # it has ended, or we lack the right: then its priority is normal
            # With autogroups, Linux first divides the cores between sessions; each part is one.
            Path(f"/proc/{self.pid}/autogroup").write_text(str(self.program.niceness))
        with suppress(OSError):
            for thread in _threads(self.pid):  # on Linux each thread has its own niceness
                os.setpriority(os.PRIO_PROCESS, thread, self.program.niceness)

    def tail(self) -> str:
        """Return the last lines of its log."""
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-TAIL_LINES:])


def start(program: Program, log: Path) -> Child:
    """Start a program, and append its output to the log. Raises `EmbeddedError`."""
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
                # Ctrl-C at the terminal reaches only this process, which stops the parts in order.
                start_new_session=True,
                pass_fds=program.sockets,
                user=user.uid if user else None,
                group=user.gid if user else None,
                extra_groups=[] if user else None,
            )
        except OSError as error:
            raise EmbeddedError(
                f"{program.name} cannot be started: {program.command[0]}: {error.strerror}."
            ) from error
    return Child(program, process, log)


def _threads(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task")
    return [int(one.name) for one in tasks.iterdir()] if tasks.exists() else [pid]


def ended_sentence(child: Child) -> str:
    code = child.exit_code or 0
    how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    return f"{child.program.name} ended ({how}); the end of its log {child.log}:\n{child.tail()}"
