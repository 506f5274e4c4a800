"""Begins the exports of schedules, and takes their files where they are to go."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import accounts
from database.queries.exports import schedules, states
from database.tables import Export, ExportSchedule
from domain.errors import Unavailable
from domain.exporting.kinds import NAMED_ERASED, UNDER_WAY, ExportStatus
from domain.exporting.spans import same_since
from outgoing.bucket_problems import BucketProblem
from services.clock import utc_now
from services.exporting.delivering import Delivered, Uploads
from services.exporting.schedules import NewSchedule
from services.exporting.telling import tell

PATIENCE = timedelta(minutes=15)
"""For which nobody is told that a bucket does not answer. Ours: such outages mostly end sooner."""
NOT_IN_TIME = "It could not be made in time. The next file holds this time as well."

log = structlog.stdlib.get_logger()


class NotMade(Unavailable):
    """Something was erased, and a file is made anew without it. Delivering it is tried again."""

    code = "export_made_anew"
    sentence = "The file is being made anew, because something was erased."


class BucketAway(Unavailable):
    """A bucket did not take a file. It is tried again."""

    code = "bucket_away"
    sentence = "The bucket did not take the file."


@dataclass(frozen=True)
class ScheduledExports:
    """Begins and delivers the exports of schedules. Each step may run twice."""

    sessions: Sessions
    uploads: Uploads

    async def begin(self, schedule_id: UUID, due_at: datetime) -> UUID | None:
        """Begin the export of a run, once; None: the schedule is paused or retired, or nothing is
        left: the last file holds all of its days.
        """
        async with self.sessions.begin() as session:
            row = await schedules.in_use(session, schedule_id)
            if row is None:
                return None
            account = await accounts.find(session, row.account_id)
            zone = ZoneInfo(account.time_zone)
            since = same_since(due_at, zone)
            if known := await schedules.run_of(session, schedule_id, since, due_at):
                return known
            if row.paused_at is not None:
                return None
            new, moments = NewSchedule.kept(row).run(due_at, zone, row.reached_at)
            if moments.is_empty:
                return None
            # If this first one does not arrive, the next one holds its time as well.
            row.reached_at = row.reached_at or moments.since
            values = {
                **{"since": moments.since, "until": moments.until},
                **{"id": uuid4(), "account_id": row.account_id, "schedule_id": row.id},
                **{"due_at": due_at, "status": str(ExportStatus.waiting)},
            }
            return (await states.add(session, new.kept() | values)).id

    async def deliver(self, export_id: UUID) -> None:
        """Copy a file that is done into its bucket, and tell the schedule's endpoint.

        Raises `Unavailable` and `NOT_DONE`: then it is to be tried again, once it is made.
        """
        async with self.sessions.begin() as session:
            if await _waiting(session, export_id) is None:
                return
        try:
            delivered = await self.uploads.deliver(export_id)
        except BucketProblem as problem:
            await self._tell_people(export_id, problem)
            raise BucketAway from None
        async with self.sessions.begin() as session:
            found = await _waiting(session, export_id)
            if found is None:
                return
            export, row = found
            if export.status in UNDER_WAY or _is_another(export, row, delivered):
                raise NotMade
            await _settle(session, export, row, is_copied=delivered.is_copied)

    async def give_up(self, export_id: UUID) -> None:
        """Leave a file in the list of exports only. The schedule goes on saying why.

        One that is not made yet is ended: the next one holds its time as well.
        """
        await self.uploads.give_up(export_id)
        async with self.sessions.begin() as session:
            found = await _waiting(session, export_id)
            if found is None:
                return
            export, row = found
            if export.status in UNDER_WAY:
                export.status, export.failure = str(ExportStatus.failed), NOT_IN_TIME
                export.ended_at = utc_now()
            if export.status == ExportStatus.done and row.bucket_id is not None:
                export.is_told, row.ran_at = True, export.ended_at
                row.failure = row.failure or BucketAway.sentence
            else:  # it is where it is to be, or there is none
                await _settle(session, export, row, is_copied=False)
        log.warning("export_not_delivered", export_id=str(export_id))

    async def _tell_people(self, export_id: UUID, problem: BucketProblem) -> None:
        log.warning("bucket_refused", export_id=str(export_id), problem=problem.code)
        async with self.sessions.begin() as session:
            found = await _waiting(session, export_id)
            if found is None:
                return
            export, row = found
            is_late = utc_now() - (export.ended_at or export.created_at) > PATIENCE
            if is_late or not problem.passes:
                row.failure = problem.sentence


async def _settle(
    session: AsyncSession, export: Export, row: ExportSchedule, *, is_copied: bool
) -> None:
    """Keep how a run ended, and tell the endpoint if there is a file."""
    export.is_told, export.upload = True, None
    is_whole = export.failure is None
    if is_whole and (is_copied or _is_there(export, row)):
        row.reached_at = _later(row.reached_at, export.until)
    row.ran_at, row.failure = export.ended_at, _failure(export, row, is_copied)
    await tell(session, export, row)


async def _waiting(session: AsyncSession, export_id: UUID) -> tuple[Export, ExportSchedule] | None:
    """Return an export that nobody was told of yet, with its schedule in use."""
    export, row = await schedules.with_export(session, export_id)
    if export is None or row is None or export.is_told:
        return None
    return export, row


def _is_another(export: Export, row: ExportSchedule, delivered: Delivered) -> bool:
    """Say whether a file was made anew since another was copied, or since there was none."""
    if export.status != ExportStatus.done or row.bucket_id is None:
        return False
    return delivered.begun_at != export.created_at


def _later(reached_at: datetime | None, until: datetime | None) -> datetime | None:
    """Return up to when files have arrived, also where an older run arrives last."""
    return max((one for one in (reached_at, until) if one is not None), default=None)


def _is_there(export: Export, row: ExportSchedule) -> bool:
    """Say whether a file stands where it is to be, if that is the list only."""
    return export.status == ExportStatus.done and row.bucket_id is None


def _failure(export: Export, row: ExportSchedule, is_copied: bool) -> str | None:
    """Return what a schedule says: what it said before, unless a file has come or none can.

    A file that may lack something says so itself.
    """
    if row.failure == NAMED_ERASED and row.paused_at is not None:
        return row.failure
    is_over = is_copied or _is_there(export, row) or export.status == ExportStatus.failed
    return export.failure if is_over else row.failure
