"""Follows an account's events, and writes anew what is kept of their conversations.

A task of every worker process. One process at a time reads an account's events, from where the last
one came to in the database. What a batch changes is written with that place in one transaction, so
nothing is missing and nothing counts twice, whatever dies.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import structlog

from database.away import NOT_DONE, is_away
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
CONVERSATIONS = 100
"""Written at once. Ours: it takes a second."""
BATCH = 2_000
"""Events read at once. Ours: a conversation with very many of them is written a few times, not once
for each handful; a few megabytes.
"""
FEWER = 4
"""By how much fewer are read after some that took too long. Ours."""

log = structlog.stdlib.get_logger()


@dataclass
class Round:
    """What became of a batch of each account: who has more to read, whose conversations somebody
    else writes at the moment, and who could not be read.
    """

    left: set[str] = field(default_factory=set)
    busy: set[str] = field(default_factory=set)
    failed: dict[str, Exception] = field(default_factory=dict)


@dataclass
class Following:
    """Writes what is kept of conversations. Any number of processes may run it at once."""

    sessions: Sessions
    database_url: str
    writers: Sequence[Writer] = WRITERS
    _fewer: dict[str, int] = field(default_factory=dict)
    """Events to read at once of accounts whose batches took too long."""

    async def run(self) -> None:
        """Follow events until cancelled."""
        clock = asyncio.get_running_loop()
        swept_at, left = float("-inf"), set[str]()
        await self._hope_again()
        async with wakeups(self.database_url, CHANNEL_EVENTS, name="switchboard-records") as news:
            while True:
                account_ids = left | await news.next(0 if left else SWEEP_SECONDS)
                now = clock.time()
                try:
                    if sweeps := now - swept_at >= SWEEP_SECONDS:
                        account_ids |= {*await reading.behind(self.sessions.direct)}
                    done = await self._round(account_ids)
                    if sweeps:
                        await setting_aside.try_again(self.sessions, self.writers)
                        swept_at = now
                except NOT_DONE as error:
                    log.warning("records_not_written", error=type(error).__name__)
                    swept_at, left, pause = float("-inf"), set(), FAILED_SECONDS
                else:
                    left = done.left | done.busy | done.failed.keys()
                    pause = 0 if done.left else GATHER_SECONDS
                    pause = FAILED_SECONDS if done.failed else pause
                await asyncio.sleep(pause)

    async def _hope_again(self) -> None:
        """Have events tried again that another worker's code could not read."""
        try:
            async with self.sessions.begin() as session:
                await unread.hope_again(session)
        except NOT_DONE as error:
            log.warning("records_not_written", error=type(error).__name__)

    async def read(self, account_ids: Iterable[str]) -> None:
        """Write what the new events of some accounts changed. Raises the first error of any."""
        left = {*account_ids}
        while left:
            done = await self._round(left)
            for error in done.failed.values():
                raise error
            left = done.left

    async def _round(self, account_ids: Iterable[str]) -> Round:
        """Read a batch of each account, so that none waits for one that is far behind, or fails.

        Raises the errors of a database that is away.
        """
        done = Round()
        for account_id in account_ids:
            try:
                match await self._read(account_id):
                    case None:
                        done.busy.add(account_id)
                    case True:
                        done.left.add(account_id)
            except Exception as error:
                if is_away(error):
                    raise
                log.warning("records_not_written", error=type(error).__name__)
                done.failed[account_id] = error
        return done

    async def _read(self, account_id: str) -> bool | None:
        """Read a batch of an account's events; returns whether there may be more, and None where
        another process writes what is kept of its conversations.
        """
        most = self._fewer.get(account_id, BATCH)
        try:
            is_more = await self._read_batch(account_id, most)
        except NOT_DONE:  # which may be because there were too many
            self._fewer[account_id] = max(most // FEWER, 1)
            raise
        if is_more is not None and self._fewer.pop(account_id, 0) and most * FEWER < BATCH:
            self._fewer[account_id] = most * FEWER
        return is_more

    async def _read_batch(self, account_id: str, most: int) -> bool | None:
        async with self.sessions.begin() as session:
            place = await reading.lead(session, account_id)
            if place is None:
                return None
            found = await events.after(session, account_id, place.last_event_id, limit=most)
            if batch := setting_aside.first_of(found, CONVERSATIONS):
                place.last_event_id = batch[-1].id
                await setting_aside.read(session, account_id, batch, self.writers)
        return len(batch) < len(found) or len(found) == most
