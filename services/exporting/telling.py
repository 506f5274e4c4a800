"""Tells the endpoint of a schedule that a file is there."""

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.events import NewEvent, append
from database.tables import Export, ExportSchedule
from domain.conversation.kinds import EventKind
from domain.exporting.kinds import ExportStatus
from services.clock import utc_now


async def tell(session: AsyncSession, export: Export, row: ExportSchedule) -> None:
    """Tell the schedule's endpoint of a file that is done, if it has one."""
    if export.status == ExportStatus.done and row.endpoint_id is not None:
        await append(session, export.account_id, [_ready(export, row)])


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
