"""Kills the processes, or freezes them for a while, one after the other."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

import psutil

from torture.whole import Whole

OURS = ("API", "Worker")
SERVERS = ("Temporal", "PostgreSQL")
PAUSE_SECONDS = (2.0, 8.0)
FROZEN_SECONDS = (1.0, 15.0)


@dataclass
class FaultInjector:
    """Chooses faults at random. `kills`: the parts that may be killed; all may be frozen."""

    whole: Whole
    random: Random
    kills: Sequence[str]
    report: Callable[[str], None]
    done: Counter[str] = field(default_factory=Counter)

    async def go_on(self, until: float) -> None:
        """Cause faults from time to time, up to `until` (`time.monotonic`)."""
        while time.monotonic() < until:
            await asyncio.sleep(self.random.uniform(*PAUSE_SECONDS))
            part = self.random.choice((*OURS, *SERVERS))
            pid = self.whole.pids().get(part)
            if pid is None:  # it has not restarted yet
                continue
            with suppress(psutil.NoSuchProcess):
                if part in self.kills and self.random.random() < 0.5:
                    self._kill(part, pid)
                else:
                    await self._freeze(part, pid)

    def _kill(self, part: str, pid: int) -> None:
        psutil.Process(pid).kill()
        self._note(f"{part} killed")

    async def _freeze(self, part: str, pid: int) -> None:
        process = psutil.Process(pid)
        seconds = self.random.uniform(*FROZEN_SECONDS)
        self._note(f"{part} frozen")
        frozen = [process, *process.children(recursive=True)]
        try:
            for one in frozen:
                with suppress(psutil.NoSuchProcess):
                    one.suspend()
            await asyncio.sleep(seconds)
        finally:
            for one in frozen:
                with suppress(psutil.NoSuchProcess):
                    one.resume()

    def _note(self, what: str) -> None:
        self.done[what] += 1
        self.report(what)
