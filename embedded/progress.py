"""Detects whether a starting program still makes progress, however slowly."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psutil

from embedded.errors import EmbeddedError
from embedded.processes import Child, ended_sentence

POLL_SECONDS = 0.05
LOOK_SECONDS = 1.0
TELL_SECONDS = 15.0
STUCK_SECONDS = 60.0
LEAST_CPU_SECONDS = 0.1
"""Seconds of processor time per minute. Ours: a program that uses less only waits."""


def _spent(child: Child) -> float:
    """Return the processor time used by a program and its children, in seconds."""
    spent = 0.0
    try:
        top = psutil.Process(child.pid)
        for process in (top, *top.children(recursive=True)):
            times = process.cpu_times()
            spent += times.user + times.system
    except psutil.Error:
        pass  # it ended, which `wait_until` notices
    return spent


@dataclass
class Progress:
    """The progress of a starting program: processor time used, bytes logged."""

    child: Child
    stuck_seconds: float = STUCK_SECONDS
    began: float = field(default_factory=time.monotonic)
    _last: tuple[float, int] = (0.0, 0)
    _moved_at: float = field(default_factory=time.monotonic)

    def is_stuck(self) -> bool:
        """Check the progress; say whether there was none for `stuck_seconds`."""
        spent, logged = _spent(self.child), self.child.log.stat().st_size
        if spent - self._last[0] >= LEAST_CPU_SECONDS or logged != self._last[1]:
            self._last, self._moved_at = (spent, logged), time.monotonic()
        return time.monotonic() - self._moved_at > self.stuck_seconds

    def sentence(self) -> str:
        """Return a sentence that says what is still starting, and why it takes long."""
        waited = time.monotonic() - self.began
        return (
            f"{self.child.program.name} is still starting after {waited:.0f} s, "
            f"and has used {_spent(self.child):.1f} s of processor time; {machine_sentence()}"
        )

    def stuck_sentence(self) -> str:
        return (
            f"{self.child.program.name} has done nothing for {self.stuck_seconds:.0f} s and is not "
            f"ready; {machine_sentence()}. Start again; if it stops at the same place, the reason "
            f"is in its log {self.child.log}:\n{self.child.tail()}"
        )


def machine_sentence() -> str:
    """Return a phrase that says how busy the machine is."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    return f"the machine's load is {load:.0f} on {cores} cores"


def wait_until(
    child: Child,
    is_ready: Callable[[], bool],
    *,
    tell: Callable[[str], None] = lambda _sentence: None,
    stuck_seconds: float = STUCK_SECONDS,
) -> None:
    """Wait until a child is ready, for as long as it makes progress. `tell` gets the sentences.

    Raises `EmbeddedError` when it ends, or makes no progress for `stuck_seconds`.
    """
    progress = Progress(child, stuck_seconds)
    look_at, tell_at = progress.began + LOOK_SECONDS, progress.began + TELL_SECONDS
    while not is_ready():
        if child.exit_code is not None:
            raise EmbeddedError(ended_sentence(child))
        now = time.monotonic()
        if now > look_at:
            look_at = now + LOOK_SECONDS
            if progress.is_stuck():
                raise EmbeddedError(progress.stuck_sentence())
        if now > tell_at:
            tell_at = now + TELL_SECONDS
            tell(progress.sentence())
        time.sleep(POLL_SECONDS)
