"""A small process that ends the children of a killed parent.

Run as `python -m embedded.guard`. The parent writes one line per child to its standard input. The
operating system closes that pipe however the parent ends. The guard then asks the children that
still run to stop, and kills those that do not.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import IO, Self

import psutil
from pydantic import BaseModel, ConfigDict

from embedded.processes import Child

PATIENCE_SECONDS = 30.0
# Two readings of a process's start time differ only by the clock's rounding.
SAME_START_SECONDS = 1.0


class Watched(BaseModel):
    """A process, identified by more than its id, because ids are reused."""

    model_config = ConfigDict(frozen=True)

    name: str
    pid: int
    started: float
    stop_signal: int

    @classmethod
    def of(cls, child: Child) -> Self | None:
        """Describe a child; None when it has already ended."""
        try:
            started = psutil.Process(child.pid).create_time()
        except psutil.NoSuchProcess:
            return None
        program = child.program
        return cls(
            name=program.name,
            pid=child.pid,
            started=started,
            stop_signal=int(program.stop_signal),
        )

    def running(self) -> psutil.Process | None:
        """Return the process if it still runs and is the same one."""
        with suppress(psutil.Error):
            process = psutil.Process(self.pid)
            is_same = abs(process.create_time() - self.started) < SAME_START_SECONDS
            if is_same and process.status() != psutil.STATUS_ZOMBIE:
                return process
        return None


class Guard:
    """The parent's end of the pipe."""

    def __init__(self, process: "subprocess.Popen[bytes]", pipe: IO[bytes]) -> None:
        self._process = process
        self._pipe = pipe

    @classmethod
    def start(cls) -> Self:
        process = subprocess.Popen(
            [sys.executable, "-m", "embedded.guard"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        if process.stdin is None:
            raise AssertionError("the process was started with a pipe")
        return cls(process, process.stdin)

    def watch(self, child: Child) -> None:
        if watched := Watched.of(child):
            self._pipe.write(watched.model_dump_json().encode() + b"\n")
            self._pipe.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.close()
        self._process.wait()


def end(watched: Iterable[Watched]) -> None:
    """Stop the processes that still run, in reverse order of their start; kill any that do not."""
    left = [(one, process) for one in reversed(list(watched)) if (process := one.running())]
    for one, process in left:
        with suppress(psutil.Error):
            process.send_signal(one.stop_signal)
    _, stubborn = psutil.wait_procs([process for _, process in left], timeout=PATIENCE_SECONDS)
    for process in stubborn:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    watched = [Watched.model_validate_json(line) for line in sys.stdin]
    end(watched)


if __name__ == "__main__":
    main()
