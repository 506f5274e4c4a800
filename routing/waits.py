"""Records why conversations still wait, so that agents and managers need not guess."""

import asyncio
from dataclasses import dataclass

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries.explanations import record_waits
from database.queries.routing import accounts_that_wait, lead
from database.queries.staffing import load_staffing

PAUSE_SECONDS = 2.0
"""Ours: as often as the router polls."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Waits:
    """The task of a worker process that explains waits the router could not end.

    It is separate from the router, because explaining a long queue must not delay serving it.
    """

    sessions: Sessions

    async def run(self) -> None:
        """Explain every two seconds, until cancelled."""
        while True:
            try:
                await self.explain()
            except NOT_DONE as error:
                log.warning("waits_not_explained", error=type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)

    async def explain(self) -> None:
        """Record the new reasons of every account."""
        async with self.sessions() as session:
            accounts = await accounts_that_wait(session)
        for account_id in accounts:
            now = await self.sessions.clock.now()
            async with self.sessions.begin() as session:
                if await lead(session, f"{account_id}/waits"):
                    staffing = await load_staffing(session, account_id, now)
                    await record_waits(session, account_id, staffing, now)
