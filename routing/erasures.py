"""Goes on with erasures whose workflow was lost, or could not be started at first."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import erasures
from domain.errors import Unavailable

PAUSE_SECONDS = 30.0
AGAIN = timedelta(minutes=1)
AT_ONCE = 20
"""Ours: more follow at the next look."""

log = structlog.stdlib.get_logger()


class Starts(Protocol):
    """What starts an erasure's workflow: `temporal.erasures.ErasureClient`."""

    async def start(self, account_id: str, consumer_id: UUID, erasure_id: UUID) -> None:
        """Start it if none runs. Raises `Unavailable`."""
        ...


@dataclass(frozen=True)
class ErasureWatch:
    """A worker's task. Any number may run at once."""

    sessions: Sessions
    client: Starts

    async def run(self, pause: float = PAUSE_SECONDS) -> None:
        """Look again and again, until cancelled."""
        while True:
            try:
                await self.start_neglected()
            except (Unavailable, *NOT_DONE) as error:
                log.warning("erasures_not_watched", error=type(error).__name__)
            await asyncio.sleep(pause)

    async def start_neglected(self) -> None:
        """Start what is due. Raises `Unavailable`."""
        now = datetime.now(UTC)
        async with self.sessions.begin() as session:
            due = await erasures.neglected(session, now, now + AGAIN, AT_ONCE)
        for one in due:
            log.warning("erasure_started_again", erasure_id=str(one.id))
            await self.client.start(one.account_id, one.consumer_id, one.id)
