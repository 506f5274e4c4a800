"""Looks each minute at how much agents hold: no event tells it, and nothing else remembers it.

A task of every worker process; one of them looks in a minute.
"""

import asyncio
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries.reports import loads, local_time, reading
from database.queries.reports.facts import Owned
from database.queries.staffing import load_staffing
from domain.reporting.loads import LoadHour, load_facts, share_of
from domain.routing.matching import Candidate
from reporting.each import each
from reporting.facts import keep

LOOK_SECONDS = 60.0
HUNDREDTHS = 100
"""Of a conversation, as which weights are added up."""

log = structlog.stdlib.get_logger()


@dataclass
class Loading:
    """Looks at load. Any number of processes may run it at once."""

    sessions: Sessions

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self.look(await self.sessions.clock.now())
            except NOT_DONE as error:
                log.warning("load_not_seen", error=type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self, now: datetime) -> None:
        """Look at the agents of all accounts, unless somebody did in this minute."""
        online = await loads.accounts_online(self.sessions.direct)
        for error in await each(online, partial(self._look, now)):
            log.warning("load_not_seen", error=type(error).__name__)

    async def _look(self, now: datetime, account_id: str) -> None:
        async with self.sessions.begin() as session:
            minute = now.replace(second=0, microsecond=0)
            await reading.lead(session, account_id)
            if await loads.take_minute(session, account_id, minute):
                await _look(session, account_id, now)


async def _look(session: AsyncSession, account_id: str, now: datetime) -> None:
    staff = await load_staffing(session, account_id, now)
    clock = await local_time.load(session, account_id)
    online = [one for one in staff.agents if one.is_online]
    looks = list(_looks(online, clock.hour_of(now)))
    if looks:
        await write_loads(session, account_id, await loads.add(session, account_id, looks))


async def write_loads(session: AsyncSession, account_id: str, hours: Collection[LoadHour]) -> None:
    """Write the facts of hours in which load was looked at."""
    clock = await local_time.load(session, account_id)
    owned = [
        Owned(
            list(load_facts(one)),
            made_from=f"load/{one.agent_id or ''}/{one.hour.astimezone(UTC).isoformat()}",
        )
        for one in hours
    ]
    await keep(session, account_id, owned, clock)


def _looks(online: Collection[Candidate], hour: datetime) -> Iterator[LoadHour]:
    held = {one.agent_id: round(one.load * HUNDREDTHS) for one in online}
    limits = {one.agent_id: one.capacity * HUNDREDTHS for one in online}
    each = [(who, held[who], limits[who]) for who in held]
    for who, of, limit in (*each, (None, sum(held.values()), sum(limits.values()))):
        if limit:
            share = share_of(of, limit)
            yield LoadHour(who, hour, 1, of, limit, share, share)
