"""Wakes batches that should run and that nobody looks at.

Their workflow was lost or terminated, or Temporal could not be reached when they were started or
resumed.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import batches
from domain.errors import Unavailable
from temporal.batches import Waking

PAUSE_SECONDS = 20.0
AGAIN = timedelta(minutes=1)
"""Ours: a woken batch is looked at within seconds."""
AT_ONCE = 20
"""Ours: more follow at the next look."""

log = structlog.stdlib.get_logger()


class Wakes(Protocol):
    """What wakes a batch's workflow: `temporal.batches.BatchClient`."""

    async def wake(self, batch: Waking) -> None:
        """Wake it, or start it. Raises `Unavailable`."""
        ...

    async def was_cancelled(self, batch_id: UUID) -> bool:
        """Say whether its latest workflow was told that it is cancelled. Raises `Unavailable`."""
        ...


@dataclass(frozen=True)
class BatchWatch:
    """A worker's task that wakes batches. Any number may run at once."""

    sessions: Sessions
    client: Wakes

    async def run(self, pause: float = PAUSE_SECONDS) -> None:
        """Look again and again, until cancelled."""
        while True:
            try:
                await self.wake_neglected()
            except (Unavailable, *NOT_DONE) as error:
                log.warning("batches_not_watched", error=type(error).__name__)
            await asyncio.sleep(pause)

    async def wake_neglected(self) -> None:
        """Wake the batches that are due. Raises `Unavailable`."""
        now = await self.sessions.clock.now()
        async with self.sessions.begin() as session:
            late = await batches.neglected(session, now, now + AGAIN, AT_ONCE)
        for batch_id, recipients, never_ran in late:
            if await self.client.was_cancelled(batch_id):
                log.warning("batch_cancelled_again", batch_id=str(batch_id))
                async with self.sessions.begin() as session:
                    await batches.cancel_again(session, batch_id, now)
                continue
            log.warning("batch_woken", batch_id=str(batch_id))
            await self.client.wake(Waking(batch_id, recipients, never_ran))
