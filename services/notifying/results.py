"""What became of a batch: its progress in figures, and its recipients one by one."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import batch_results, batches
from database.tables import Batch, BatchUpload, Line
from domain.batches.kinds import BatchStatus
from domain.batches.progress import LONG, Count, Figures, RecipientOutcome, ends_at, figures_of
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
    batch = await batches.find(session, caller.account_id, batch_id)
    line = await session.get_one(Line, batch.line_id)
    now = utc_now()
    rows = await batch_results.counts(session, batch_id, now, now + LONG)
    counts = [_count(row) for row in rows]
    figures = figures_of(counts, await batch_results.opted_out(session, batch_id))
    ends = None
    if batch.status == BatchStatus.running and batch.started_at:
        kind = LineKind(line.kind)
        pace, begins = line.segments_per_second, batch.send_from
        ends = ends_at(figures, batch.started_at, now, pace, kind, begins)
    return Progress(batch, await batches.uploads(session, batch_id), figures, ends)


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
    await batches.find(session, caller.account_id, batch_id)
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
