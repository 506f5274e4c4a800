"""Marking texts as handed over, many at a time and off the webhook's path."""

import asyncio
from uuid import UUID

import structlog

from database.away import AWAY
from database.engine import Sessions
from database.queries.intake import mark_at_once

log = structlog.stdlib.get_logger()


class Marks:
    """Marks what it is given soon after. What is lost with the process is handed over again,
    which its conversation does not mind.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._ids: list[UUID] = []
        self._writing: asyncio.Task[None] | None = None

    def add(self, inbound_id: UUID) -> None:
        """Mark a text with those that come while others are being written."""
        self._ids.append(inbound_id)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def settle(self) -> None:
        """Wait until all that was given is marked."""
        if self._writing:
            await self._writing

    async def _write(self) -> None:
        while self._ids:
            ids, self._ids = self._ids, []
            try:
                await mark_at_once(self._sessions.direct, ids)
            except AWAY as error:
                log.warning("texts_not_marked", count=len(ids), error=type(error).__name__)
