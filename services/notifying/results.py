"""What became of a batch: its progress in figures, and its recipients one by one."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import accounts, batch_checks, batch_results, batches
from database.tables import Batch, BatchUpload, Line
from domain.batches.estimate import Course, Place, ends_at
from domain.batches.hours import HoursSet, own_hours
from domain.batches.kinds import BatchStatus
from domain.batches.progress import LONG, Count, Figures, RecipientOutcome, figures_of
from domain.errors import Invalid
from domain.numbers.kinds import LineKind
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.caller import Caller
from services.clock import utc_now

PAGE = 1000
"""Rows of a download in memory at once. Ours."""
FILTERS = (*RecipientOutcome, "answered", "opted_out")
"""What results can be narrowed to."""


@dataclass(frozen=True)
class Progress:
    """A batch with its figures. `ends_at`: an estimate; None: nobody can say."""

    batch: Batch
    uploads: Sequence[BatchUpload]
    figures: Figures
    ends_at: datetime | None


async def progress(caller: Caller, session: AsyncSession, batch_id: UUID) -> Progress:
    """Return how far a batch has got. Raises `NotFound`."""
    caller.require(Role.manager)
    caller.require_scope(TokenScope.notifications_read)
    batch = await batches.find(session, caller.account_id, batch_id, caller.led_skills)
    now = utc_now()
    rows = await batch_results.counts(session, batch_id, now, now + LONG)
    counts = [_count(row) for row in rows]
    figures = figures_of(counts, await batch_results.opted_out(session, batch_id))
    ends = None
    if batch.status == BatchStatus.running and batch.started_at:
        course = await _course(session, batch, batch.started_at)
        ends = await asyncio.to_thread(ends_at, counts, course, now)
    return Progress(batch, await batches.uploads(session, batch_id), figures, ends)


async def _course(session: AsyncSession, batch: Batch, started_at: datetime) -> Course:
    line = await session.get_one(Line, batch.line_id)
    hours = own_hours(HoursSet.of(await accounts.find(session, batch.account_id), batch))
    zones = await batch_checks.zones(session, batch.id) if hours else []
    place = None
    if hours and zones:
        number, _ = max(zones, key=lambda zone: zone[1])
        place = Place(number, hours)
    return Course(started_at, batch.send_from, line.segments_per_second, LineKind(line.kind), place)


async def recipients(
    caller: Caller,
    session: AsyncSession,
    batch_id: UUID,
    wanted: str | None,
    after: int,
    limit: int,
) -> Sequence[Mapping[str, Any]]:
    """Return recipients with what became of them, in order. Raises `NotFound`, `Invalid`."""
    caller.require(Role.manager)
    caller.require_scope(TokenScope.notifications_read)
    await batches.find(session, caller.account_id, batch_id, caller.led_skills)
    if wanted is not None and wanted not in FILTERS:
        raise Invalid(f"status is one of {', '.join(FILTERS)}.")
    now = utc_now()
    return await batch_results.page(session, batch_id, wanted, after, limit, (now, now + LONG))


async def pages(
    caller: Caller, sessions: Sessions, batch_id: UUID, wanted: str | None
) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    """Return all recipients, page by page. Raises as `recipients`."""
    async with sessions.begin() as session:
        await recipients(caller, session, batch_id, wanted, 0, 1)
    return _pages(caller, sessions, batch_id, wanted)


async def _pages(
    caller: Caller, sessions: Sessions, batch_id: UUID, wanted: str | None
) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    after = 0
    while True:
        async with sessions.begin() as session:
            rows = await recipients(caller, session, batch_id, wanted, after, PAGE)
        if not rows:
            return
        yield rows
        after = rows[-1]["place"]


def _count(row: Mapping[str, Any]) -> Count:
    return Count(
        outcome=RecipientOutcome(row["outcome"]),
        reason=row["reason"],
        recipients=row["recipients"],
        segments=int(row["segments"] or 0),
        answered=row["answered"],
        until=row["until"],
    )
