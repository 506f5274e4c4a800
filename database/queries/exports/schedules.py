"""Exports that are made again and again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.exports import states
from database.tables import Account, Endpoint, Export, ExportSchedule
from domain.errors import NotFound
from domain.exporting.kinds import TELLS_NOBODY, ExportStatus, why_deaf, without_names


@dataclass(frozen=True)
class Planned:
    """When a schedule runs. `zone`: of its account."""

    id: UUID
    every: str
    hour: int
    zone: str


async def add(session: AsyncSession, values: dict[str, Any]) -> ExportSchedule:
    """Add a schedule."""
    row = ExportSchedule(**values)
    session.add(row)
    await session.flush()
    await session.refresh(row)
    return row


async def listed(session: AsyncSession, account_id: str) -> Sequence[ExportSchedule]:
    """Return an account's schedules in use, the oldest first."""
    its = (ExportSchedule.account_id == account_id, ExportSchedule.retired_at.is_(None))
    query = select(ExportSchedule).where(*its)
    return (
        await session.scalars(query.order_by(ExportSchedule.created_at, ExportSchedule.id))
    ).all()


async def lock_account(session: AsyncSession, account_id: str) -> None:
    """Let nobody else add a schedule of this account until the transaction ends."""
    lock = func.hashtextextended(f"export schedules/{account_id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(lock)))


async def find(session: AsyncSession, account_id: str, schedule_id: UUID) -> ExportSchedule:
    """Return a schedule in use. Raises `NotFound`."""
    its = (ExportSchedule.account_id == account_id, ExportSchedule.id == schedule_id)
    query = select(ExportSchedule).where(*its, ExportSchedule.retired_at.is_(None))
    found = await session.scalar(query.with_for_update())
    if found is None:
        raise NotFound
    return found


async def in_use(session: AsyncSession, schedule_id: UUID) -> ExportSchedule | None:
    """Return a schedule of any account, None for one that is retired. It stays until the end."""
    found = await session.get(ExportSchedule, schedule_id, with_for_update=True)
    return found if found and found.retired_at is None else None


async def with_export(
    session: AsyncSession, export_id: UUID
) -> tuple[Export | None, ExportSchedule | None]:
    """Return an export of any account as it is now, and its schedule in use, and lock both.

    Whoever locks both does it in this order, the schedule first, as `retire` does: two that wait
    for each other would both wait in vain.
    """
    its = select(Export.schedule_id).where(Export.id == export_id)
    schedule_id = await session.scalar(its)
    row = await in_use(session, schedule_id) if schedule_id else None
    return await states.lock(session, export_id), row


async def hear_of(session: AsyncSession, endpoint: Endpoint) -> None:
    """Have schedules say at once that an endpoint hears of their files no more, or does again."""
    says = ExportSchedule.failure
    its = (ExportSchedule.endpoint_id == endpoint.id, ExportSchedule.retired_at.is_(None))
    nothing_else = says.is_(None) | says.in_(TELLS_NOBODY)
    deaf = why_deaf(endpoint.kinds, is_retired=endpoint.retired_at is not None)
    await session.execute(update(ExportSchedule).where(*its, nothing_else).values(failure=deaf))


async def planned(session: AsyncSession) -> Sequence[Planned]:
    """Return when all schedules of all accounts run, without paused ones."""
    query = (
        select(
            *(ExportSchedule.id, ExportSchedule.every, ExportSchedule.hour, Account.time_zone),
        )
        .join(Account, Account.id == ExportSchedule.account_id)
        .where(ExportSchedule.retired_at.is_(None), ExportSchedule.paused_at.is_(None))
    )
    return [Planned(*row) for row in await session.execute(query)]


async def run_of(
    session: AsyncSession, schedule_id: UUID, since: datetime, due_at: datetime
) -> UUID | None:
    """Return the export of a run; None: it has none yet. `since`: one was due then is the same."""
    its = (Export.schedule_id == schedule_id, Export.due_at.between(since, due_at))
    return await session.scalar(select(Export.id).where(*its).order_by(Export.due_at.desc()))


async def retire(session: AsyncSession, row: ExportSchedule, now: datetime) -> None:
    """End a schedule, with what is being made for it. Whom it asked for is forgotten."""
    row.retired_at, row.filters = now, without_names(row.filters)
    await end_waiting(session, row.id, now)


async def end_waiting(session: AsyncSession, schedule_id: UUID, now: datetime) -> None:
    """Cancel the exports of a schedule that are being made."""
    waits = Export.status.in_([ExportStatus.waiting, ExportStatus.running])
    query = select(Export).where(Export.schedule_id == schedule_id, waits).order_by(Export.id)
    for export in await session.scalars(query.with_for_update()):
        export.status, export.ended_at = str(ExportStatus.cancelled), now
    await session.flush()
