"""Tells the endpoint of a schedule that a file is there."""

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.events import NewEvent, append
from database.tables import Endpoint, Export, ExportSchedule
from domain.conversation.kinds import EventKind
from domain.exporting.kinds import ExportStatus, why_deaf
from services.clock import utc_now


async def tell(session: AsyncSession, export: Export, row: ExportSchedule) -> None:
    """Tell the schedule's endpoint of a file that is done, if it has one.

    The schedule says so if the endpoint hears of nothing any more.
    """
    if export.status != ExportStatus.done or row.endpoint_id is None:
        return
    endpoint = await session.get_one(Endpoint, row.endpoint_id)
    deaf = why_deaf(endpoint.kinds, is_retired=endpoint.retired_at is not None)
    if deaf is None:
        await append(session, export.account_id, [_ready(export, row)])
    elif row.failure in (None, export.failure):  # what else the file may lack stands in the list
        row.failure = deaf


async def tell_again(session: AsyncSession, export: Export, row: ExportSchedule | None) -> None:
    """Tell of an export that was told before and was made anew since, or cannot be any more.

    `row`: its schedule in use, locked before it.
    """
    if not export.is_told or row is None:
        return
    if export.status == ExportStatus.failed:
        row.failure = export.failure
    if export.expires_at is not None and export.expires_at <= utc_now():
        return  # its time ended while it was made
    await tell(session, export, row)


def _ready(export: Export, row: ExportSchedule) -> NewEvent:
    data = {
        "export_id": str(export.id),
        "schedule_id": str(row.id),
        "endpoint": row.endpoint_id,
        "kind": export.kind,
        "format": export.format,
        "rows": export.rows,
        "expires_at": export.expires_at.isoformat() if export.expires_at else None,
    }
    return NewEvent(EventKind.export_ready, utc_now(), data=data)
