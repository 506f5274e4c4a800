"""Hands over the texts that webhooks could not: in order per thread, several threads at once."""

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
from ingress.joining import settle_due
from ingress.pending import hand_over_alone
from temporal.conversations import ConversationClient

POLL_SECONDS = 2.0
OVERDUE = timedelta(seconds=5)
"""A webhook's process may still be handing over a younger text. Under load that takes seconds, and
doing it twice would add to the load. A process that gives up wakes the sweeper. Ours.
"""
THREADS_AT_ONCE = 4
"""Each holds a database connection while Temporal answers. Ours."""
THREADS_IN_A_SWEEP = 200

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Sweeper:
    """A worker's task that hands over every text left pending. Any number may run at once."""

    sessions: Sessions
    conversations: ConversationClient
    database_url: str

    async def run(self) -> None:
        """Sweep on each notification and every `POLL_SECONDS`, until cancelled."""
        name = "switchboard-sweeper"
        async with wakeups(self.database_url, CHANNEL_INBOUND, name=name) as woken:
            while True:
                await self.sweep(await woken.next(POLL_SECONDS))

    async def sweep(self, accounts: Collection[str] = ()) -> None:
        """Hand over all pending texts of these accounts, and every overdue text.

        Long texts whose window for parts has ended are no longer waited for.
        """
        try:
            await settle_due(self.sessions)
            async with self.sessions() as session:
                threads = await waiting_threads(
                    session,
                    older_than=OVERDUE,
                    accounts=list(accounts),
                    limit=THREADS_IN_A_SWEEP,
                )
        except NOT_DONE as error:
            log.warning("sweep_failed", error=type(error).__name__)
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
                log.warning("text_still_pending", line=thread.line_id, error=type(error).__name__)
