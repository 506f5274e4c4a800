"""The activities of maintenance: jobs that run by schedule, one run at a time."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import agent_states, idempotency
from database.queries import sessions as log_ins
from domain.errors import Unavailable
from workflows.maintenance.messages import Job

log = structlog.stdlib.get_logger()


class Sweepable(Protocol):
    """What finds and heals: `routing.watches.Watches`."""

    async def sweep(self) -> None:
        """Look once. Raises `Unavailable`, and what the database raises."""
        ...


@dataclass(frozen=True)
class Maintenance:
    """Does what the schedules ask for."""

    sessions: Sessions
    watches: Sweepable

    @activity.defn(name=Job.watches)
    async def watch(self) -> None:
        """Find and heal what ought not to be."""
        await _done(Job.watches, self.watches.sweep())

    @activity.defn(name=Job.housekeeping)
    async def tidy(self) -> None:
        """Delete what nobody can use any more."""
        await _done(Job.housekeeping, tidy(self.sessions))


async def _done(job: Job, work: Awaitable[None]) -> None:
    """Do a job; one that was impossible fails without the error's words, which may hold numbers."""
    try:
        await work
    except (Unavailable, *NOT_DONE) as error:
        kind = type(error).__name__
        log.warning("maintenance_impossible", job=job.value, error=kind)
        raise ApplicationError("Database or Temporal did not answer.", type=kind) from None


async def tidy(sessions: Sessions) -> None:
    """Delete what nobody can use any more; whose log-in is over takes no more work."""
    now = datetime.now(UTC)
    async with sessions.begin() as session:
        await idempotency.forget_old(session, now)
    async with sessions.begin() as session:
        gone = await log_ins.forget_expired(session, now)
        for agent_id in sorted(gone):
            await agent_states.log_out(session, agent_id, now)
