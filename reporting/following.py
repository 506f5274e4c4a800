"""Follows an account's events, and writes anew what is kept of their conversations.

A task of every worker process. One process at a time reads an account's events, from where the last
one came to in the database. What a batch changes is written with that place in one transaction, so
nothing is missing and nothing counts twice, whatever dies.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.listen import wakeups
from database.queries import events
from database.queries.events import CHANNEL_EVENTS
from database.queries.records import reading, unread
from reporting import setting_aside
from reporting.writers import WRITERS, Writer

SWEEP_SECONDS = 30.0
"""Ours: an event whose notification was lost waits no longer."""
GATHER_SECONDS = 0.5
"""Ours: a conversation in which much happens at once is written once."""
FAILED_SECONDS = 1.0
BATCH = 200
"""Events read at once. Ours: about a hundred conversations, written within a second."""

log = structlog.stdlib.get_logger()


@dataclass
class Following:
    """Writes what is kept of conversations. Any number of processes may run it at once."""

    sessions: Sessions
    database_url: str
    writers: Sequence[Writer] = WRITERS

    async def run(self) -> None:
        """Follow events until cancelled."""
        clock = asyncio.get_running_loop()
        swept_at = float("-inf")
        await self._hope_again()
        async with wakeups(self.database_url, CHANNEL_EVENTS, name="switchboard-records") as news:
            while True:
                account_ids = await news.next(SWEEP_SECONDS)
                now = clock.time()
                sweeps = now - swept_at >= SWEEP_SECONDS
                try:
                    await self.read(
                        await reading.behind(self.sessions.direct) if sweeps else account_ids
                    )
                    if sweeps:
                        await setting_aside.try_again(self.sessions, self.writers)
                        swept_at = now
                except NOT_DONE as error:
                    log.warning("records_not_written", error=type(error).__name__)
                    swept_at = float("-inf")
                    await asyncio.sleep(FAILED_SECONDS)
                await asyncio.sleep(GATHER_SECONDS)

    async def _hope_again(self) -> None:
        """Have events tried again that another worker's code could not read."""
        try:
            async with self.sessions.begin() as session:
                await unread.hope_again(session)
        except NOT_DONE as error:
            log.warning("records_not_written", error=type(error).__name__)

    async def read(self, account_ids: Iterable[str]) -> None:
        """Write what the new events of some accounts changed."""
        for account_id in account_ids:
            while await self._read(account_id):
                pass

    async def _read(self, account_id: str) -> bool:
        """Read a batch of an account's events; returns whether there may be more."""
        async with self.sessions.begin() as session:
            place = await reading.lead(session, account_id)
            if place is None:
                return False
            batch = await events.after(session, account_id, place.last_event_id, limit=BATCH)
            if not batch:
                return False
            place.last_event_id = batch[-1].id
            await setting_aside.read(session, account_id, batch, self.writers)
        return len(batch) == BATCH
