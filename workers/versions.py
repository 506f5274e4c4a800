"""Sees to it that workers with a version are given work."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog

from domain.errors import Unavailable
from settings import UNVERSIONED
from temporal.versions import POLLED_WITHIN, VersionUnknown

PAUSE_SECONDS = 2.0
"""Ours: between two attempts, while Temporal does not answer or does not know the version yet."""
ALONE_SECONDS = 10.0
"""Ours: between two looks while nobody else seems to be at work."""
LOOK_SECONDS = 60.0
"""Ours: how often a worker looks whether it is given work."""

log = structlog.stdlib.get_logger()


class KnowsVersions(Protocol):
    """What Temporal is asked: `temporal.versions.Versions`. All raise `Unavailable`."""

    async def current(self) -> str | None:
        """Return the version that new conversations begin on."""
        ...

    async def make_current(self, build_id: str | None) -> None:
        """Make a version current. Raises `VersionUnknown`."""
        ...

    async def unversioned_at(self) -> datetime | None:
        """Return when a worker without a version last asked for work, if Temporal knows."""
        ...

    async def has_finished_any(self) -> bool:
        """Say whether any of our work was ever finished."""
        ...


@dataclass
class VersionWatch:
    """Makes the first version current where nothing else works, because nothing would be done.

    Beside workers without a version it would take all work from them. Like any later version, it
    waits there until an operator makes it current, and says so.

    Temporal forgets who asked for work when it is started again. So workers without a version count
    as gone only once nobody has seen them for a while, without a moment in which it did not answer.
    The while is measured here, between two looks: Temporal's times say only whether somebody asked
    again, because its clock and ours may differ by minutes.
    """

    versions: KnowsVersions
    build_id: str
    _told: str | None = field(default=None, init=False)
    _alone_since: float | None = field(default=None, init=False)
    _polled_at: datetime | None = field(default=None, init=False)

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            pause = await self.look(time.monotonic())
            await asyncio.sleep(pause)

    async def look(self, now: float) -> float:
        """Look once, and act on it; returns after how many seconds to look again.

        `now` is in seconds of a clock that nobody sets, such as `time.monotonic`.
        """
        try:
            current = await self.versions.current()
            if current is None:
                return await self._without_a_current(now)
        except Unavailable:
            self._alone_since = None
            return PAUSE_SECONDS
        except VersionUnknown:
            return PAUSE_SECONDS
        self._alone_since = None
        self._tell(current)
        return LOOK_SECONDS

    async def _without_a_current(self, now: float) -> float:
        polled_at = await self.versions.unversioned_at()
        if polled_at != self._polled_at or self._alone_since is None:
            self._alone_since = now
        has_polled = polled_at is not None and polled_at != self._polled_at
        self._polled_at = polled_at
        if has_polled:
            self._tell(UNVERSIONED)
            return LOOK_SECONDS
        is_sure = now - self._alone_since >= POLLED_WITHIN.total_seconds()
        # Where nothing was ever finished, nobody can have been at work.
        if not is_sure and await self.versions.has_finished_any():
            return ALONE_SECONDS
        await self.versions.make_current(self.build_id)
        log.info("version_made_current", version=self.build_id)
        self._told = self.build_id
        return LOOK_SECONDS

    def _tell(self, current: str) -> None:
        if current not in (self._told, self.build_id):
            log.warning("version_not_current", version=self.build_id, current=current)
        self._told = current
