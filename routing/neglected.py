"""Starts what nobody looks at: exports and erasures whose workflow was lost, or never started."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import erasures
from database.queries.exports import states
from database.tables import Erasure
from domain.errors import Unavailable

PAUSE_SECONDS = 20.0
EXPORT_LATE = timedelta(minutes=3)
"""Ours: a part takes seconds, and an activity's worker may be silent for half a minute."""
AT_ONCE = 20
"""Ours: more follow at the next look."""

log = structlog.stdlib.get_logger()


class StartsExports(Protocol):
    """What starts an export's workflow: `temporal.exports.ExportClient`."""

    async def start(self, export_id: UUID) -> None:
        """Start it unless it runs. Raises `Unavailable`."""
        ...


class StartsErasures(Protocol):
    """What starts an erasure's workflow: `temporal.erasures.ErasureClient`."""

    async def start(self, account_id: str, consumer_id: UUID, erasure_id: UUID) -> None:
        """Start it if none runs. Raises `Unavailable`."""
        ...


@dataclass(frozen=True)
class Neglected:
    """What is late. `id`: which one, for the log. `start`: raises `Unavailable`."""

    id: UUID
    start: Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class NeglectWatch:
    """A worker's task. Any number may run at once.

    `find`: returns what is late, and keeps that somebody looks at it now. `again`, `fails`: what
    the log says of one that is started again, and of an error.
    """

    sessions: Sessions
    find: Callable[[AsyncSession, datetime], Awaitable[Collection[Neglected]]]
    again: Callable[[str], None]
    fails: Callable[[str], None]

    async def run(self, pause: float = PAUSE_SECONDS) -> None:
        """Look again and again, until cancelled."""
        while True:
            try:
                await self.start_neglected()
            except (Unavailable, *NOT_DONE) as error:
                self.fails(type(error).__name__)
            await asyncio.sleep(pause)

    async def start_neglected(self) -> None:
        """Start what is late. Raises `Unavailable`."""
        now = await self.sessions.clock.now()
        async with self.sessions.begin() as session:
            late = await self.find(session, now)
        for one in late:
            await one.start()
            self.again(str(one.id))


def export_watch(sessions: Sessions, client: StartsExports) -> NeglectWatch:
    """Return what starts exports at which no worker has looked for a while."""

    async def find(session: AsyncSession, now: datetime) -> Collection[Neglected]:
        late = await states.neglected(session, now - EXPORT_LATE, now, AT_ONCE)
        return [Neglected(one, partial(client.start, one)) for one in late]

    return NeglectWatch(
        sessions,
        find,
        lambda one: log.warning("export_started_again", export_id=one),
        lambda error: log.warning("exports_not_watched", error=error),
    )


def erasure_watch(sessions: Sessions, client: StartsErasures) -> NeglectWatch:
    """Return what starts erasures that are due."""

    async def start(one: Erasure) -> None:
        await client.start(one.account_id, one.consumer_id, one.id)
        # Only what Temporal took counts. If this is not reached, the same workflow is started again
        # at the next look, and is the one that runs.
        now = await sessions.clock.now()
        async with sessions.begin() as session:
            await erasures.count_start(session, one, now)

    async def find(session: AsyncSession, now: datetime) -> Collection[Neglected]:
        due = await erasures.neglected(session, now, AT_ONCE)
        return [Neglected(one.id, partial(start, one)) for one in due]

    return NeglectWatch(
        sessions,
        find,
        lambda one: log.warning("erasure_started_again", erasure_id=one),
        lambda error: log.warning("erasures_not_watched", error=error),
    )
