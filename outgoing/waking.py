"""Wakes the texts of a connector that works again, and of a line whose pace was changed.

Until then they wait for the connector's next trial, or for the time that the line gave them. Each
worker process runs this task. One process holds a connector or a line at a time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import paces, pauses
from database.tables import Line
from domain.errors import Unavailable

PAUSE_SECONDS = 2.0
HELD_FOR = timedelta(minutes=1)
"""After this time the holder counts as dead, and another worker wakes all of them. Ours."""
WOKEN_AT_ONCE = 8
"""Each is a request to Temporal. Ours."""
PORTION = 80
"""Workflows after which the holder says that it lives. Ours: half of `HELD_FOR` where each of them
takes as long as a request may.
"""

Keep = Callable[[AsyncSession, datetime], Awaitable[None]]
"""Keeps what is held until a time."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Waking:
    """A worker's task that wakes texts. Any number may run at once.

    `wake`: makes a workflow's next attempt to send begin now. Raises `Unavailable`.
    """

    sessions: Sessions
    wake: Callable[[str], Awaitable[None]]

    async def run(self, pause: float = PAUSE_SECONDS) -> None:
        """Wake texts that need not wait, then again after `pause` seconds, until cancelled."""
        while True:
            try:
                has_more = await self.wake_due()
            except NOT_DONE as error:
                log.warning("waking_failed", error=type(error).__name__)
                has_more = False
            if not has_more:
                await asyncio.sleep(pause)

    async def wake_due(self) -> bool:
        """Wake the texts of one connector and of one line; returns whether there was either."""
        return any([await self._of_connector(), await self._of_line()])

    async def _of_connector(self) -> bool:
        now = await self.sessions.clock.now()
        connector_id = await pauses.take_resumed(self.sessions.direct, now, HELD_FOR)
        if connector_id is None:
            return False
        lines = pauses.lines_of(connector_id)
        async with self.sessions.begin() as session:
            await pauses.wake_standalone(session, lines, now)
            workflows = await pauses.waiting_workflows(session, lines)
        if await self._wake(workflows, lambda one, until: pauses.keep(one, connector_id, until)):
            async with self.sessions.begin() as session:
                await pauses.woken(session, connector_id)
        return True

    async def _of_line(self) -> bool:
        now = await self.sessions.clock.now()
        found = await paces.take_changed(self.sessions.direct, now, HELD_FOR)
        if found is None:
            return False
        lines = select(Line.id).where(Line.id == found[0])
        async with self.sessions.begin() as session:
            await pauses.wake_standalone(session, lines, now)
            workflows = await pauses.waiting_workflows(session, lines, have_no_time=True)
        if await self._wake(workflows, lambda one, until: paces.keep(one, *found, until)):
            async with self.sessions.begin() as session:
                await paces.woken(session, *found)
        return True

    async def _wake(self, workflows: Sequence[str], keep: Keep) -> bool:
        """Wake workflows, and say whether all were. Who takes over later wakes those that are left.

        Where Temporal does not seem to answer at all, no more are tried.
        """
        left = 0
        for begin in range(0, len(workflows), PORTION):
            portion = workflows[begin : begin + PORTION]
            failed = await self._failed(portion)
            left += failed
            if failed == len(portion):
                break
            until = await self.sessions.clock.now() + HELD_FOR
            async with self.sessions.begin() as session:
                await keep(session, until)
        if left:
            log.warning("waking_failed", error=Unavailable.__name__)
        return not left

    async def _failed(self, workflows: Sequence[str]) -> int:
        """Wake some workflows, and return how many could not be."""
        slots = asyncio.Semaphore(WOKEN_AT_ONCE)

        async def wake(workflow: str) -> bool:
            async with slots:
                try:
                    await self.wake(workflow)
                except Unavailable:
                    return False
                return True

        return (await asyncio.gather(*(wake(one) for one in workflows))).count(False)
