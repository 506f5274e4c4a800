"""Workers that come and go by the tests' hands, each a process of its own.

They are forked from a process that has imported everything once: a test starts many of them.
"""

import os
import signal
import sys
from collections.abc import Mapping
from contextlib import chdir, suppress
from dataclasses import dataclass
from multiprocessing import forkserver, get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from uuid import uuid4

import psutil

from tests.faults.points import VARIABLE, Fault

ROOT = Path(__file__).parents[2]
PREPARED = "tests.faults.faulty_worker"
FORKS = get_context("forkserver")


def prepare() -> None:
    """Begin to import what workers need, in the process they will be forked from."""
    FORKS.set_forkserver_preload([PREPARED])
    with chdir(ROOT):
        forkserver.ensure_running()


@dataclass
class WorkerProcess:
    """A worker with its fault, if any, that waits to begin."""

    process: ForkServerProcess

    @classmethod
    def of(
        cls, folder: Path, environment: Mapping[str, str], fault: Fault | None
    ) -> "WorkerProcess":
        """Return a worker that writes its log into the folder."""
        fault_text = fault.model_dump_json() if fault else ""
        log = folder / f"worker-{uuid4().hex[:8]}.log"
        given = (log, {**environment, VARIABLE: fault_text})
        return cls(FORKS.Process(target=_work, args=given, daemon=True))

    def begin(self) -> None:
        self.process.start()

    async def fell(self) -> bool:
        """Say whether its fault has come: it is dead, or frozen."""
        if not self.process.is_alive():
            return True
        with suppress(psutil.NoSuchProcess):
            is_frozen: bool = psutil.Process(self.process.pid).status() == psutil.STATUS_STOPPED
            return is_frozen
        return True

    def wake(self) -> None:
        """Let a frozen one go on."""
        if self.process.is_alive() and self.process.pid:
            os.kill(self.process.pid, signal.SIGCONT)

    def kill(self) -> None:
        if self.process.pid is not None:  # else it never began
            self.process.kill()
            self.process.join()


def _work(log: Path, environment: Mapping[str, str]) -> None:
    with log.open("wb") as output:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(output.fileno(), stream.fileno())
    os.environ.update(environment)
    from tests.faults.faulty_worker import main  # in this process only: it loads and patches

    main()
