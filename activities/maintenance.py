"""The maintenance activities: jobs that run by schedule, one run at a time."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.beating import beating
from activities.retaining import forget_old
from database.away import NOT_DONE
from database.engine import Sessions
from database.partitions.dropping import drop_forgotten
from database.partitions.making import make_ahead
from database.queries import (
    agent_states,
    audit,
    bounds,
    drafts,
    endpoint_runs,
    exchanges,
    idempotency,
    log_in_failures,
    media,
    notices,
    tellings,
)
from database.queries import sessions as log_ins
from database.queries.exports import states
from database.queries.operating import processes
from domain.errors import Unavailable
from domain.exporting.kinds import KEPT as EXPORT_KEPT
from domain.exporting.kinds import ExportStatus
from domain.writing.drafts import EMPTY_KEPT, KEPT
from media.keys import PART_ENDING, file_of
from media.store import MediaStore
from providers.contract import SendError
from workflows.maintenance.messages import Job

T = TypeVar("T")
UNUSED_FOR = timedelta(days=1)
"""How long a file may be named by no text: an uploaded picture waits for its reply. Ours."""

EXPORTS_AT_ONCE = 20
DELETED_AT_ONCE = 500
"""Exchanges in one statement, which locks them for some milliseconds. Ours."""
MOST_BATCHES = 400
"""Of one run. Ours: 200,000 exchanges an hour are more than a busy installation keeps."""

NOTICES_KEPT = timedelta(days=30)
MOST_NOTICES = 500
"""Of one person. Ours: nobody scrolls further back."""

COUNTS_KEPT = timedelta(days=2)
"""Texts are bounded by the minute and the day."""
FAILURES_KEPT = timedelta(days=2)
"""Failed log-ins count for some minutes, wrong codes for a day."""

TELLINGS_KEPT = timedelta(days=1)
"""What is still told again is so within minutes. Ours."""

TAKEN_KEPT = timedelta(days=2)
"""Posts that endpoints took. Ours: there are as many as events, and nobody asks about them later.
"""

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
    files: MediaStore
    catching_up: CatchesUp
    trace_kept: timedelta

    @activity.defn(name=Job.watches)
    async def watch(self) -> None:
        """Find and repair mismatches of rows, workflows and texts."""
        await _done(Job.watches, self.watches.sweep())

    @activity.defn(name=Job.housekeeping)
    async def tidy(self) -> None:
        """Delete expired rows, old exchanges and drafts, and files that no text names."""
        await _done(Job.housekeeping, self._tidy())
        await _done(Job.housekeeping, forget_exported(self.sessions, self.files))
        await _done(Job.housekeeping, sweep_files(self.sessions, self.files))

    @activity.defn(name=Job.retention)
    async def retain(self) -> int:
        """Forget what accounts and skills keep no longer; returns how many things."""
        forgotten = await _done(Job.retention, forget_old(self.sessions, self.files))
        if forgotten.total():
            log.info("old_forgotten", **forgotten)
        await _done(Job.retention, give_up_months(self.sessions))
        return forgotten.total()

    @activity.defn(name=Job.catch_up)
    async def catch_up(self, connector_id: str) -> int:
        """Fetch texts that no webhook brought; returns how many."""
        return await _done(Job.catch_up, self.catching_up.catch_up(connector_id))

    async def _tidy(self) -> None:
        await tidy(self.sessions)
        await make_room(self.sessions)
        before = datetime.now(UTC) - self.trace_kept
        await forget_notices(self.sessions)
        await forget_exchanges(self.sessions, before)
        await forget_attempts(self.sessions, before)
        await forget_audit(self.sessions)
        await processes.forget(self.sessions.direct)


async def _done(job: Job, work: Awaitable[T]) -> T:
    """Do a job. A failure is raised without the error's words, which may contain phone numbers."""
    try:
        async with beating():
            return await work
    except SendError as error:
        raise ApplicationError("The provider's list cannot be read.", type=error.code) from None
    except (Unavailable, *NOT_DONE) as error:
        kind = type(error).__name__
        log.warning("maintenance_impossible", job=job.value, error=kind)
        raise ApplicationError("Database or Temporal did not answer.", type=kind) from None


async def tidy(sessions: Sessions) -> None:
    """Delete expired log-ins, idempotency keys, old drafts and what is told nobody any more.

    Agents whose log-in has expired go offline.
    """
    now = datetime.now(UTC)
    async with sessions.begin() as session:
        await idempotency.forget_old(session, now)
    await log_in_failures.forget(sessions.direct, now - FAILURES_KEPT)
    await bounds.forget(sessions.direct, now - COUNTS_KEPT)
    async with sessions.begin() as session:
        await drafts.forget_old(session, now, kept=KEPT, empty=EMPTY_KEPT)
        await tellings.forget_old(session, now - TELLINGS_KEPT)
    async with sessions.begin() as session:
        gone = await log_ins.forget_expired(session, now)
        for agent_id in sorted(gone):
            await agent_states.log_out(session, agent_id, now)


async def forget_audit(sessions: Sessions) -> None:
    """Delete what the audit logs of accounts keep no longer, some at a time."""
    for _ in range(MOST_BATCHES):
        async with sessions.begin() as session:
            if await audit.forget(session, datetime.now(UTC), DELETED_AT_ONCE) < DELETED_AT_ONCE:
                return


async def forget_notices(sessions: Sessions) -> None:
    """Delete old notices, and all but the newest of each person."""
    async with sessions.begin() as session:
        before = datetime.now(UTC) - NOTICES_KEPT
        await notices.forget(session, before=before, most=MOST_NOTICES)


async def sweep_files(sessions: Sessions, files: MediaStore) -> None:
    """Delete what no text names any more: rows of files first, then files without a row.

    So the files of a text or of a conversation go when its rows do, whoever deletes those.
    """
    before = datetime.now(UTC) - UNUSED_FOR
    async with sessions.begin() as session:
        await media.forget_unused(session, before)
    async for keys in files.older_than(before):
        owners = {key: file_id for key in keys if (file_id := file_of(key))}
        async with sessions() as session:
            known = await media.known_among(session, set(owners.values()))
            parts = [key for key in keys if key.endswith(PART_ENDING)]
            in_use = await states.known_among(session, parts)
        unused = [key for key, file_id in owners.items() if file_id not in known]
        await files.delete([*unused, *(key for key in parts if key not in in_use)])


async def forget_exported(sessions: Sessions, files: MediaStore) -> None:
    """Delete the files of exports that are over; a file goes first, then what names it.

    As late as that, whom an export asked for is forgotten as well.
    """
    for _ in range(MOST_BATCHES):
        async with sessions.begin() as session:
            over = await states.over(session, datetime.now(UTC), EXPORTS_AT_ONCE)
            await files.delete(await states.keys(session, [one.id for one in over]))
            await states.forget_parts(session, [one.id for one in over])
            for one in over:
                if one.status == ExportStatus.done:
                    one.status = str(ExportStatus.expired)
        if len(over) < EXPORTS_AT_ONCE:
            break
    for _ in range(MOST_BATCHES):
        async with sessions.begin() as session:
            before = datetime.now(UTC) - EXPORT_KEPT
            gone = await states.forget_names(session, before, EXPORTS_AT_ONCE)
        if gone < EXPORTS_AT_ONCE:
            return


async def make_room(sessions: Sessions) -> None:
    """Make the partitions of the months to come; the default one takes what has none."""
    made = await make_ahead(sessions, datetime.now(UTC))
    if made.names:
        log.info("partitions_made", partitions=made.names)
    if made.held_up:
        log.info("partitions_held_up", partitions=made.held_up)
    if made.too_full:
        log.warning("partitions_too_full", partitions=made.too_full)


async def give_up_months(sessions: Sessions) -> None:
    """Drop the partitions of months of which nothing is kept any longer."""
    dropped = await drop_forgotten(sessions, datetime.now(UTC))
    if dropped.names:
        log.info("partitions_dropped", partitions=dropped.names)
    if dropped.held_up:
        log.info("partitions_held_up", partitions=dropped.held_up)


async def forget_exchanges(sessions: Sessions, before: datetime) -> None:
    """Delete exchanges with providers from before a time, in small batches."""
    for _ in range(MOST_BATCHES):
        gone = await exchanges.forget(sessions.direct, before, DELETED_AT_ONCE)
        if gone < DELETED_AT_ONCE:
            break
    await exchanges.forget_refusals(sessions.direct, before)


async def forget_attempts(sessions: Sessions, before: datetime) -> None:
    """Delete old posts to endpoints, and events given up, from before a time."""
    taken_before = max(before, datetime.now(UTC) - TAKEN_KEPT)
    for _ in range(MOST_BATCHES):
        async with sessions.begin() as session:
            gone = await endpoint_runs.forget_attempts(
                session, taken_before, before, DELETED_AT_ONCE
            )
        if gone < DELETED_AT_ONCE:
            break
    async with sessions.begin() as session:
        await endpoint_runs.forget_given_up(session, before)
