"""The maintenance activities: jobs that run by schedule, one run at a time."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, TypeVar

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import agent_states, idempotency
from database.queries import sessions as log_ins
from domain.errors import Unavailable
from providers.contract import SendError
from workflows.maintenance.messages import Job

T = TypeVar("T")

log = structlog.stdlib.get_logger()


class CatchesUp(Protocol):
    """What fetches texts that no webhook brought: `ingress.catching_up.CatchingUp`."""

    async def catch_up(self, connector_id: str) -> int:
        """Fetch what is missing. Raises `SendError`, and the errors of the database."""
        ...


class Sweepable(Protocol):
    """A sweep that finds and repairs mismatches: `routing.watches.Watches`."""

    async def sweep(self) -> None:
        """Sweep once. Raises `Unavailable`, and the errors of the database."""
        ...


@dataclass(frozen=True)
class Maintenance:
    """Does the maintenance jobs."""

    sessions: Sessions
    watches: Sweepable
    catching_up: CatchesUp

    @activity.defn(name=Job.watches)
    async def watch(self) -> None:
        """Find and repair mismatches of rows, workflows and texts."""
        await _done(Job.watches, self.watches.sweep())

    @activity.defn(name=Job.housekeeping)
    async def tidy(self) -> None:
        """Delete expired rows."""
        await _done(Job.housekeeping, tidy(self.sessions))

    @activity.defn(name=Job.catch_up)
    async def catch_up(self, connector_id: str) -> int:
        """Fetch texts that no webhook brought; returns how many."""
        return await _done(Job.catch_up, self.catching_up.catch_up(connector_id))


async def _done(job: Job, work: Awaitable[T]) -> T:
    """Do a job. A failure is raised without the error's words, which may contain phone numbers."""
    try:
        return await work
    except SendError as error:
        raise ApplicationError("The provider's list cannot be read.", type=error.code) from None
    except (Unavailable, *NOT_DONE) as error:
        kind = type(error).__name__
        log.warning("maintenance_impossible", job=job.value, error=kind)
        raise ApplicationError("Database or Temporal did not answer.", type=kind) from None


async def tidy(sessions: Sessions) -> None:
    """Delete expired log-ins and idempotency keys; agents whose log-in has expired go offline."""
    now = datetime.now(UTC)
    async with sessions.begin() as session:
        await idempotency.forget_old(session, now)
    async with sessions.begin() as session:
        gone = await log_ins.forget_expired(session, now)
        for agent_id in sorted(gone):
            await agent_states.log_out(session, agent_id, now)
