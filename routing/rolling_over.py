"""Moves what runs on an old version of the workers to the current one."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from temporal.versions import Run, Versions

AT_ONCE = 50
"""Workflows signalled at once. Ours: so that Temporal is not flooded."""
LOOK_SECONDS = 1.0


@dataclass(frozen=True)
class RollingOver:
    """Rolls over what runs on one version. Nothing is kept: whoever repeats it goes on.

    `tell`: is given how many of how many have left the version. `patience`: seconds without one
    more, after which the rest is left. `version`: None rolls over what runs without any, and
    `begun_before` leaves out new runs, which have no version yet, and of which there is no end.
    """

    versions: Versions
    version: str | None
    tell: Callable[[int, int], None]
    patience: float
    begun_before: datetime | None = None

    async def nudge(self) -> Sequence[Run]:
        """Wake what waits on the version, and return what stays on it. Raises `Unavailable`.

        What is woken there needs a worker of the version, and continues in a new run. Lists lag
        behind: what has just begun there shows only in a later one.
        """
        is_empty = False
        while True:
            runs = await self._found()
            if runs and (left := await self._each(runs, self.versions.wake)):
                return left
            if is_empty and not runs:
                return []
            is_empty = not runs
            await asyncio.sleep(LOOK_SECONDS)

    async def free(self, runs: Sequence[Run]) -> Sequence[Run]:
        """Have the current version go on with runs, whose last task may have failed.

        Returns those that did not. They go on in the middle of a run, as recorded histories
        replay. Raises `Unavailable`.
        """
        left = await self._each(runs, self._freed)
        gone = {one.workflow_id for one in runs} - {one.workflow_id for one in left}
        for run in runs:
            if run.workflow_id in gone:
                await self.versions.pin(run)
        return left

    async def pin_again(self) -> None:
        """Pin what was freed before by somebody who was stopped, and has left the version.

        Else it would move again in the middle of a run, at the next version. Raises `Unavailable`.
        """
        here = {one.workflow_id for one in await self.versions.running_on(self.version)}
        for run in await self.versions.freed():
            if run.workflow_id not in here:
                await self.versions.pin(run)

    async def _found(self) -> Sequence[Run]:
        return await self.versions.running_on(self.version, begun_before=self.begun_before)

    async def _freed(self, run: Run) -> None:
        await self.versions.free(run)
        await self.versions.wake(run)

    async def _each(
        self, runs: Sequence[Run], act: Callable[[Run], Awaitable[None]]
    ) -> Sequence[Run]:
        ids = {one.workflow_id for one in runs}
        for begin in range(0, len(runs), AT_ONCE):
            await asyncio.gather(*(act(run) for run in runs[begin : begin + AT_ONCE]))
        return await self._await_rest(ids)

    async def _await_rest(self, ids: Collection[str]) -> Sequence[Run]:
        """Return what stays, once nothing has left the version for a while."""
        least, since = len(ids) + 1, time.monotonic()
        while True:
            left = await self._found()
            ours = [one for one in left if one.workflow_id in ids]
            if len(ours) < least:
                least, since = len(ours), time.monotonic()
                self.tell(len(ids) - len(ours), len(ids))
            if not ours or time.monotonic() - since > self.patience:
                return ours
            await asyncio.sleep(LOOK_SECONDS)


async def pin_moved(versions: Versions) -> None:
    """Pin what the current version goes on with since somebody freed it. Raises `Unavailable`.

    Else it would move again in the middle of a run, at the next version.
    """
    freed = await versions.freed()
    current = await versions.current() if freed else None
    if current is None:
        return
    moved = {one.workflow_id for one in await versions.running_on(current)}
    for run in freed:
        if run.workflow_id in moved:
            await versions.pin(run)
