"""Starts parts, watches them, starts some again, and leaves nothing behind."""

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
    """Somebody pressed Ctrl-C or asked the process to end."""


@dataclass(frozen=True)
class Part:
    """A program of the whole, and how to see that it is up."""

    program: Program
    is_ready: Callable[[], bool]
    stuck_seconds: float = STUCK_SECONDS
    """How long it may do nothing at all before it is ready."""
    may_restart: bool = False
    """Losing it loses nothing: it is started again when it dies."""
    is_ill: Callable[[], bool] = lambda: False
    """It says itself that only a new process could go on."""


@dataclass
class Running:
    part: Part
    child: Child
    deaths: deque[float] = field(default_factory=deque)

    def died(self, now: float) -> bool:
        """Count a death (`now` in seconds); say whether another start is worth it.

        A kill from outside is nobody's fault and does not count.
        """
        if self.child.exit_code != -signal.SIGKILL:
            self.deaths.append(now)
        while self.deaths and now - self.deaths[0] > QUICK_DEATHS_WITHIN_SECONDS:
            self.deaths.popleft()
        return self.part.may_restart and len(self.deaths) < QUICK_DEATHS


class Supervisor:
    """Runs groups of parts: later groups need earlier ones and are stopped before them."""

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
        """Ask for the end; usable as a signal handler."""
        self._stop_requested = True

    def start(self, parts: Sequence[Part]) -> None:
        """Start a group and return when all of it is ready.

        Raises `EmbeddedError` when a part does not come up, `StopRequested` when asked to end.
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
        """Return when asked to end; raises `EmbeddedError` when a part is lost for good."""
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
        """Stop everything, last started first."""
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
        self._report(f"{name} ended unexpectedly and is started again; nothing is lost")
        self._start_again(running)

    def _replace(self, running: Running) -> None:
        name = running.part.program.name
        self._report(f"{name} says that it can do nothing and is started again; nothing is lost")
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
    """Supervise for the length of a block: Ctrl-C and SIGTERM ask for its end.

    `report` is told what has happened, `tell_wait` what is waited for.
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
