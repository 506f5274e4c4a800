"""Sees to it that workers with a version are given work."""

import asyncio
from dataclasses import dataclass

import structlog

from domain.errors import Unavailable
from settings import UNVERSIONED
from temporal.versions import Versions, VersionUnknown

PAUSE_SECONDS = 2.0
"""Ours: between two attempts, while Temporal does not know the version yet."""
LOOK_SECONDS = 60.0
"""Ours: how often a worker looks whether it is given work."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class VersionWatch:
    """Makes the first version current where nothing else works, because nothing would be done.

    Beside workers without a version it would take all work from them. Like any later version, it
    waits there until an operator makes it current, and says so.
    """

    versions: Versions
    build_id: str

    async def run(self) -> None:
        """Look until cancelled."""
        told: str | None = None
        while True:
            try:
                told = await self._look(told)
            except (Unavailable, VersionUnknown):
                await asyncio.sleep(PAUSE_SECONDS)
            else:
                await asyncio.sleep(LOOK_SECONDS)

    async def _look(self, told: str | None) -> str:
        current = await self.versions.current()
        if current is None and None in await self.versions.at_work():
            if told != UNVERSIONED:
                log.warning("version_not_current", version=self.build_id, current=UNVERSIONED)
            return UNVERSIONED
        if current is None:
            await self.versions.make_current(self.build_id)
            log.info("version_made_current", version=self.build_id)
            return self.build_id
        if current not in (told, self.build_id):
            log.warning("version_not_current", version=self.build_id, current=current)
        return current
