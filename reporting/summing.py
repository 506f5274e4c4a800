"""Sums facts by day and month behind the follower, and makes all facts anew where that is needed.

A task of every worker process. A day is summed by one process at a time, anew from its facts, so
a sum is right whatever died before.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import NOT_DONE, is_away
from database.engine import Sessions
from database.patience import patience
from database.queries.reports import consents, consumers, local_time, reading, stale, summing
from database.queries.reports.summing import Stretch
from domain.reporting.local_time import LocalTime
from domain.reporting.months import following_month, month_of, months_between
from reporting import recounting
from reporting.beside import write_consents
from reporting.each import each

LOOK_SECONDS = 5.0
"""Ours: figures of today are so old at most, plus the time that summing takes."""
RESTS = 10
MOST_REST_SECONDS = 60.0
"""Ours: summing takes a tenth of one core, however large an account is, and a busy machine does not
let figures grow old.
"""
STATEMENT_SECONDS = summing.WAITS_SECONDS
"""Ours: far longer than a statement of the largest day takes on a busy machine."""
ENTRIES = 500
"""Of the ledger of consent, counted at once. Ours."""

log = structlog.stdlib.get_logger()


@dataclass
class Summing:
    """Sums facts. Any number of processes may run it at once."""

    sessions: Sessions

    async def run(self) -> None:
        """Sum until cancelled."""
        clock = asyncio.get_running_loop()
        while True:
            began = clock.time()
            try:
                await self.look()
            except NOT_DONE as error:
                log.warning("facts_not_summed", error=type(error).__name__)
            took = clock.time() - began
            await asyncio.sleep(min(max(LOOK_SECONDS, took * RESTS), MOST_REST_SECONDS))

    async def look(self) -> None:
        """Make facts anew that must be, and sum all that changed."""
        direct, again = self.sessions.direct, partial(recounting.go_on, self.sessions)
        failed = await each(await reading.behind(direct), again)
        failed += await each(await consents.behind(direct), self.count_consents)
        failed += await each(await stale.behind(direct), self.sum)
        for error in failed:
            log.warning("facts_not_summed", error=type(error).__name__)

    async def count_consents(self, account_id: str) -> None:
        """Write the facts of what is new in the ledger of consent."""
        is_done = False
        while not is_done:
            async with self.sessions.begin() as session:
                await reading.lead(session, account_id)
                entries = await consents.take(session, account_id, limit=ENTRIES)
                await write_consents(session, account_id, entries)
                is_done = len(entries) < ENTRIES

    async def sum(self, account_id: str) -> None:
        """Sum all of an account that changed. Raises the error of a day after all other days."""
        failed: list[Exception] = []
        before: date | None = date.max
        while before is not None:
            before = await self._sum_day(account_id, before, failed)
        await self._sum_months(account_id)
        for error in failed:
            raise error

    async def _sum_day(self, account_id: str, before: date, failed: list[Exception]) -> date | None:
        """Sum the latest day that changed before another; returns before which to go on.

        What fails for a day is added to `failed`: the day stays to be summed, and older ones do not
        wait for it.
        """
        day = None
        try:
            async with self.sessions.begin() as session, patience(session, STATEMENT_SECONDS):
                clock = await _clock(session, account_id)
                day = await stale.take(session, account_id, before=before) if clock else None
                if clock and day:
                    await _sum_day(session, account_id, clock, day)
        except Exception as error:
            if day is None or is_away(error):
                raise
            failed.append(error)
            return day
        return before if day else None

    async def _sum_months(self, account_id: str) -> None:
        """Sum the months that are over and were not."""
        async with self.sessions.begin() as session:
            clock = await local_time.load(session, account_id)
            first = await summing.first_day(session, account_id)
            if first is None:
                return
            await summing.forget_partial_months(session, account_id, clock.zone.key)
            known = await summing.summed_months(session, account_id)
        today = clock.day_of(await self.sessions.clock.now())
        for month in months_between(clock.day_of(first), month_of(today)):
            if month not in known:
                async with self.sessions.begin() as session, patience(session, STATEMENT_SECONDS):
                    if held := await _clock(session, account_id):
                        await _sum_month(session, account_id, held, month, is_known=False)


async def _clock(session: AsyncSession, account_id: str) -> LocalTime | None:
    """Return the clock of an account and hold it, so that nothing is summed by two; None where it
    was changed, until all facts are made anew by it.
    """
    await summing.hold_clock(session, account_id)
    clock = await local_time.load(session, account_id)
    return clock if await reading.is_of_zone(session, account_id, clock.zone.key) else None


async def _sum_day(session: AsyncSession, account_id: str, clock: LocalTime, day: date) -> None:
    """Sum a day, and its month if that is over and was summed."""
    begins, ends = clock.begins(day), clock.begins(day + timedelta(days=1))
    await summing.sum_day(session, Stretch(account_id, begins, ends), clock.zone.key)
    await consumers.sum_day(session, account_id, begins, day)
    if month_of(day) < month_of(clock.day_of(datetime.now(UTC))):
        await _sum_month(session, account_id, clock, month_of(day), is_known=True)


async def _sum_month(
    session: AsyncSession, account_id: str, clock: LocalTime, month: date, *, is_known: bool
) -> None:
    """Sum a month anew that was summed (`is_known`), or one that was not, and else nothing.

    Which of both it is can be told only once no other worker sums it: whoever sums it now does not
    see a day that is not committed, and has it among those that were summed when it is done.
    """
    until = clock.begins(following_month(month))
    await summing.alone(session, account_id)
    if (month in await summing.summed_months(session, account_id)) is is_known:
        stretch = Stretch(account_id, clock.begins(month), until)
        await summing.sum_month(session, stretch, month, clock.zone.key)
