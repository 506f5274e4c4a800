"""Starts exports at which nobody looks: Temporal was away, or has lost their workflow."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries.exports import states
from domain.errors import Unavailable

PAUSE_SECONDS = 20.0
LATE = timedelta(minutes=3)
"""Ours: a part takes seconds, and an activity's worker may be silent for half a minute."""
AT_ONCE = 20

log = structlog.stdlib.get_logger()


class Starts(Protocol):
    """What starts an export's workflow: `temporal.exports.ExportClient`."""

    async def start(self, export_id: UUID) -> None:
        """Start it unless it runs. Raises `Unavailable`."""
        ...


@dataclass(frozen=True)
class ExportWatch:
    """A worker's task that starts neglected exports. Any number may run at once."""

    sessions: Sessions
    client: Starts

    async def run(self, pause: float = PAUSE_SECONDS) -> None:
        """Look again and again, until cancelled."""
        while True:
            try:
                await self.start_neglected()
            except (Unavailable, *NOT_DONE) as error:
                log.warning("exports_not_watched", error=type(error).__name__)
            await asyncio.sleep(pause)

    async def start_neglected(self) -> None:
        """Start the exports that nobody has looked at. Raises `Unavailable`."""
        now = datetime.now(UTC)
        async with self.sessions.begin() as session:
            late = await states.neglected(session, now - LATE, now, AT_ONCE)
        for export_id in late:
            log.warning("export_started_again", export_id=str(export_id))
            await self.client.start(export_id)
