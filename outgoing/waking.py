"""Wakes the texts of a connector that works again; until then they wait for its next trial.

Each worker process runs this task. One process holds a connector at a time.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import pauses
from domain.errors import Unavailable

PAUSE_SECONDS = 2.0
HELD_FOR = timedelta(minutes=1)
"""After this time the holder counts as dead, and another worker wakes all of them. Ours."""
WOKEN_AT_ONCE = 8
"""Each is a request to Temporal. Ours."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Waking:
    """A worker's task that wakes texts. Any number may run at once.

    `wake`: makes a workflow's next attempt to send begin now. Raises `Unavailable`.
    """

    sessions: Sessions
    wake: Callable[[str], Awaitable[None]]

    async def run(self, pause: float = PAUSE_SECONDS) -> None:
        """Wake texts of resumed connectors, then again after `pause` seconds, until cancelled."""
        while True:
            try:
                has_more = await self.wake_due()
            except (Unavailable, *NOT_DONE) as error:
                log.warning("waking_failed", error=type(error).__name__)
                has_more = False
            if not has_more:
                await asyncio.sleep(pause)

    async def wake_due(self) -> bool:
        """Wake the texts of one resumed connector; returns whether there was one."""
        now = datetime.now(UTC)
        connector_id = await pauses.take_resumed(self.sessions.direct, now, HELD_FOR)
        if connector_id is None:
            return False
        async with self.sessions.begin() as session:
            await pauses.wake_standalone(session, connector_id, now)
            workflows = await pauses.waiting_workflows(session, connector_id)
        slots = asyncio.Semaphore(WOKEN_AT_ONCE)

        async def wake(workflow: str) -> None:
            async with slots:
                await self.wake(workflow)

        await asyncio.gather(*(wake(workflow) for workflow in workflows))
        async with self.sessions.begin() as session:
            await pauses.woken(session, connector_id)
        return True
