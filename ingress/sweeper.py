"""Hands over the texts that a webhook could not: in order per consumer, many consumers at once."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.listen import wakeups
from database.queries.events import CHANNEL_INBOUND
from database.queries.inbound import PendingThread, waiting_threads
from domain.errors import Unavailable
from ingress.pending import TakesTexts, hand_over_alone

POLL_SECONDS = 2.0
OVERDUE = timedelta(seconds=5)
"""A younger text may still be handed over by its webhook, which takes its time when there are
many: to do it twice then would make it worse. A webhook that gives up tells us.
"""
THREADS_AT_ONCE = 4
"""Each holds a database connection while Temporal answers."""
THREADS_IN_A_SWEEP = 200

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Sweeper:
    """The task of a worker process that leaves no text behind. Any number may run at once."""

    sessions: Sessions
    conversations: TakesTexts
    database_url: str

    async def run(self) -> None:
        """Sweep when told to and every two seconds, until cancelled."""
        name = "switchboard-sweeper"
        async with wakeups(self.database_url, CHANNEL_INBOUND, name=name) as woken:
            while True:
                await self.sweep(await woken.next(POLL_SECONDS))

    async def sweep(self, accounts: Collection[str] = ()) -> None:
        """Hand over what waits: all of some accounts, and whatever is overdue."""
        try:
            async with self.sessions() as session:
                threads = await waiting_threads(
                    session,
                    older_than=OVERDUE,
                    accounts=list(accounts),
                    limit=THREADS_IN_A_SWEEP,
                )
        except NOT_DONE as error:
            log.warning("sweep_impossible", error=type(error).__name__)
            return
        slots = asyncio.Semaphore(THREADS_AT_ONCE)
        async with asyncio.TaskGroup() as tasks:
            for thread in threads:
                tasks.create_task(self._hand_over(thread, slots))

    async def _hand_over(self, thread: PendingThread, slots: asyncio.Semaphore) -> None:
        async with slots:
            try:
                await hand_over_alone(self.sessions, self.conversations, thread)
            except (Unavailable, *NOT_DONE) as error:
                log.warning("text_still_waits", line=thread.line_id, error=type(error).__name__)
