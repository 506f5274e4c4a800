"""Starts parts, watches them, restarts some, and leaves no process behind."""

import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from embedded.data_folder import DataFolder
from embedded.errors import EmbeddedError
from embedded.guard import Guard, Watched, end
from embedded.processes import Child, Program, ended_sentence, start
from embedded.progress import STUCK_SECONDS, wait_until

WATCH_SECONDS = 0.2
HEALTH_SECONDS = 10.0
QUICK_DEATHS = 4
QUICK_DEATHS_WITHIN_SECONDS = 60.0


class StopRequested(Exception):
    """Ctrl-C was pressed, or a signal asked the process to end."""


@dataclass(frozen=True)
class Part:
    """A program of the installation, and the probe that says when it is ready."""

    program: Program
    is_ready: Callable[[], bool]
    stuck_seconds: float = STUCK_SECONDS
    """The longest time without progress before it is ready."""
    may_restart: bool = False
    """Whether it is restarted when it dies, because nothing is lost."""
    is_ill: Callable[[], bool] = lambda: False
    """The probe of whether it reports that only a restart would help."""


@dataclass
class Running:
    part: Part
    child: Child
    deaths: deque[float] = field(default_factory=deque)

    def died(self, now: float) -> bool:
        """Count a death (`now` in seconds); return whether to restart it.

        A kill from outside does not count, because the part did not fail.
        """
        if self.child.exit_code != -signal.SIGKILL:
            self.deaths.append(now)
        while self.deaths and now - self.deaths[0] > QUICK_DEATHS_WITHIN_SECONDS:
            self.deaths.popleft()
        return self.part.may_restart and len(self.deaths) < QUICK_DEATHS


class Supervisor:
    """Runs groups of parts. Later groups need earlier ones, and are stopped before them."""

    def __init__(
        self,
        folder: DataFolder,
        guard: Guard,
        report: Callable[[str], None],
        tell_wait: Callable[[str], None],
    ) -> None:
        self._folder = folder
        self._guard = guard
        self._report = report
        self._tell_wait = tell_wait
        self._groups: list[list[Running]] = []
        self._stop_requested = False

    def request_stop(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """Request a stop; usable as a signal handler."""
        self._stop_requested = True

    def start(self, parts: Sequence[Part]) -> None:
        """Start a group and return when all its parts are ready.

        Raises `EmbeddedError` when a part does not start, `StopRequested` when a stop is requested.
        """
        self._raise_if_stopping()
        group: list[Running] = []
        self._groups.append(group)
        for part in parts:
            group.append(Running(part, self._launched(part)))
            self._note()
        for running in group:
            self._wait(running)
            running.child.let_others_go_first()
            self._report(f"{running.part.program.name} is running")

    def watch(self) -> None:
        """Return when a stop is requested. Raises `EmbeddedError` when a part keeps failing."""
        health_at = time.monotonic() + HEALTH_SECONDS
        while not self._stop_requested:
            for running in self._all():
                if running.child.exit_code is not None:
                    self._revive(running)
            if time.monotonic() > health_at:
                for running in self._all():
                    if running.part.is_ill():
                        self._replace(running)
                health_at = time.monotonic() + HEALTH_SECONDS
            time.sleep(WATCH_SECONDS)

    def _all(self) -> list[Running]:
        return [running for group in self._groups for running in group]

    def stop(self) -> None:
        """Stop all parts, the last started first."""
        for group in reversed(self._groups):
            for running in group:
                running.child.ask_to_stop()
            for running in group:
                running.child.stop()
        self._groups.clear()
        self._note()

    def _launched(self, part: Part) -> Child:
        child = start(part.program, self._folder.log(part.program.name))
        self._guard.watch(child)
        return child

    def _wait(self, running: Running) -> None:
        def is_ready() -> bool:
            self._raise_if_stopping()
            return running.part.is_ready()

        wait_until(
            running.child,
            is_ready,
            tell=self._tell_wait,
            stuck_seconds=running.part.stuck_seconds,
        )

    def _revive(self, running: Running) -> None:
        name = running.part.program.name
        if not running.died(time.monotonic()):
            raise EmbeddedError(ended_sentence(running.child))
        self._report(f"{name} ended unexpectedly and is being restarted; nothing is lost")
        self._start_again(running)

    def _replace(self, running: Running) -> None:
        name = running.part.program.name
        self._report(f"{name} reports that it is stuck and is being restarted; nothing is lost")
        self._start_again(running)

    def _start_again(self, running: Running) -> None:
        running.child.stop()
        running.child = self._launched(running.part)
        running.child.let_others_go_first()
        self._note()

    def _note(self) -> None:
        children = [running.child for running in self._all()]
        watched = [one for child in children if (one := Watched.of(child))]
        self._folder.write_ledger(watched)

    def _raise_if_stopping(self) -> None:
        if self._stop_requested:
            raise StopRequested


@contextmanager
def supervised(
    folder: DataFolder,
    report: Callable[[str], None],
    *,
    tell_wait: Callable[[str], None] | None = None,
) -> Iterator[Supervisor]:
    """Supervise for the duration of a block. Ctrl-C and SIGTERM request a stop.

    `report` gets sentences about what happened, `tell_wait` about what is still starting.
    """
    if leftovers := [one for one in folder.read_ledger() if one.running()]:
        report(f"Ending {len(leftovers)} processes that an interrupted run left behind")
        end(leftovers)
    with Guard.start() as guard:
        supervisor = Supervisor(folder, guard, report, tell_wait or report)
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, supervisor.request_stop) for number in numbers}
        try:
            yield supervisor
        finally:
            supervisor.stop()
            for number, handler in before.items():
                signal.signal(number, handler)
