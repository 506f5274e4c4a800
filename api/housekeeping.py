"""What the API throws away: log-ins that are over, answers kept long enough."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import structlog

from api.clock import utc_now
from database.away import AWAY
from database.engine import Sessions
from database.queries import agent_states, idempotency
from database.queries import sessions as log_ins
from runtime.tasks import running

EVERY_SECONDS = 3600.0

log = structlog.stdlib.get_logger()


async def tidy(sessions: Sessions) -> None:
    """Delete what nobody can use any more; whose log-in is over takes no more work."""
    now = utc_now()
    async with sessions.begin() as session:
        await idempotency.forget_old(session, now)
    async with sessions.begin() as session:
        gone = await log_ins.forget_expired(session, now)
        for agent_id in sorted(gone):
            await agent_states.log_out(session, agent_id, now)


async def _keep_tidy(sessions: Sessions) -> None:
    while True:
        try:
            await tidy(sessions)
        except AWAY as error:
            log.warning("housekeeping_failed", error=type(error).__name__)
        await asyncio.sleep(EVERY_SECONDS)


@asynccontextmanager
async def kept_tidy(sessions: Sessions) -> AsyncIterator[None]:
    """Tidy hourly for the length of a block."""
    async with running(housekeeping=partial(_keep_tidy, sessions)):
        yield
