"""The activity of an export: makes parts of its file until it is whole, or has worked long enough.

How far it is stands in the database, so it may stop at any line, and run twice.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, TypeVar
from uuid import UUID

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.beating import beating
from database.away import NOT_DONE
from domain.errors import Unavailable
from workflows.exports.messages import (
    BEGIN_SCHEDULED,
    DELIVER_SCHEDULED,
    GIVE_UP_SCHEDULED,
    MAKE_PARTS,
    ExportRun,
    ScheduledRun,
)

T = TypeVar("T")

WORKS_SECONDS = 120.0
"""Ours: then the activity returns, so that other work of this queue has its turn."""

log = structlog.stdlib.get_logger()


class MakesParts(Protocol):
    """What makes parts of files: `services.exporting.making.ExportMaking`."""

    async def make_part(self, export_id: UUID) -> bool:
        """Make the next one; say whether there is more to do."""
        ...


class RunsSchedules(Protocol):
    """What makes exports of schedules: `services.exporting.schedules.ScheduledExports`."""

    async def begin(self, schedule_id: UUID, due_at: datetime) -> UUID | None:
        """Begin the export of a run, once; None: there is none to make."""
        ...

    async def deliver(self, export_id: UUID) -> None:
        """Copy it into its bucket, and tell whom it is for."""
        ...

    async def give_up(self, export_id: UUID) -> None:
        """Keep that it could not be copied."""
        ...


@dataclass(frozen=True)
class Exports:
    """Makes exports."""

    making: MakesParts
    scheduled: RunsSchedules

    @activity.defn(name=BEGIN_SCHEDULED)
    async def begin_scheduled(self, run: ScheduledRun) -> UUID | None:
        """Begin the export of a schedule's run."""
        return await _done(self.scheduled.begin(run.schedule_id, run.due_at or datetime.now(UTC)))

    @activity.defn(name=DELIVER_SCHEDULED)
    async def deliver_scheduled(self, run: ExportRun) -> None:
        """Take a schedule's export where it is to go."""
        async with beating():
            # It is made anew here if something was erased since it was made.
            await _done(self.stretch(run.export_id, activity.is_worker_shutdown))
            await _done(self.scheduled.deliver(run.export_id))

    @activity.defn(name=GIVE_UP_SCHEDULED)
    async def give_up_scheduled(self, run: ExportRun) -> None:
        """Keep that a schedule's export could not be taken where it was to go."""
        await _done(self.scheduled.give_up(run.export_id))

    @activity.defn(name=MAKE_PARTS)
    async def make_parts(self, run: ExportRun) -> bool:
        """Make parts for a while; say whether there is more to do."""
        async with beating():
            return await _done(self.stretch(run.export_id, activity.is_worker_shutdown))

    async def stretch(self, export_id: UUID, is_stopping: Callable[[], bool]) -> bool:
        """Make parts until the file is whole, or time is over."""
        ends_at = time.monotonic() + WORKS_SECONDS
        while await self.making.make_part(export_id):
            if is_stopping() or time.monotonic() >= ends_at:
                return True
        return False


async def _done(work: Awaitable[T]) -> T:
    """Do something. A failure is raised without the error's words, which may hold numbers."""
    try:
        return await work
    except (Unavailable, *NOT_DONE) as error:
        kind = type(error).__name__
        log.warning("export_waits", error=kind)
        raise ApplicationError("This cannot be done yet.", type=kind) from None
