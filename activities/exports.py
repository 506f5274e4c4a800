"""The activity of an export: makes parts of its file until it is whole, or has worked long enough.

How far it is stands in the database, so it may stop at any line, and run twice.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.beating import beating
from database.away import NOT_DONE
from domain.errors import Unavailable
from workflows.exports.messages import MAKE_PARTS, ExportRun

WORKS_SECONDS = 120.0
"""Ours: then the activity returns, so that other work of this queue has its turn."""

log = structlog.stdlib.get_logger()


class MakesParts(Protocol):
    """What makes parts of files: `services.exporting.making.ExportMaking`."""

    async def make_part(self, export_id: UUID) -> bool:
        """Make the next one; say whether there is more to do."""
        ...


@dataclass(frozen=True)
class Exports:
    """Makes exports."""

    making: MakesParts

    @activity.defn(name=MAKE_PARTS)
    async def make_parts(self, run: ExportRun) -> bool:
        """Make parts for a while; say whether there is more to do."""
        try:
            async with beating():
                return await self.stretch(run.export_id, activity.is_worker_shutdown)
        except (Unavailable, *NOT_DONE) as error:
            kind = type(error).__name__
            log.warning("export_waits", export_id=str(run.export_id), error=kind)
            raise ApplicationError("Database or store did not answer.", type=kind) from None

    async def stretch(self, export_id: UUID, is_stopping: Callable[[], bool]) -> bool:
        """Make parts until the file is whole, or time is over."""
        ends_at = time.monotonic() + WORKS_SECONDS
        while await self.making.make_part(export_id):
            if is_stopping() or time.monotonic() >= ends_at:
                return True
        return False
