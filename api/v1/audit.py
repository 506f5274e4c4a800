"""The audit log: who changed, read or exported what."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from api.app_state import AppStateDep, SessionDep
from api.caller import AdminDep
from api.problems import Documented, documented
from api.schemas.audit import AuditEntryOut
from api.schemas.shared import Cursor, Limit, Page, after_number, page_of
from api.scopes import needs
from database.queries.audit import AuditFilters
from domain.errors import NotAllowed
from domain.people.token_scopes import Area
from domain.settings.auditing import Action
from services import auditing

router = APIRouter(
    prefix="/audit",
    tags=["settings"],
    responses=documented(NotAllowed),
    dependencies=[needs(Area.audit)],
)

CSV: Documented = {
    200: {
        "content": {"text/csv": {"schema": {"type": "string"}}},
        "description": "The entries, the latest first.",
    }
}
NO_NUL = r"^[^\x00]*$"
Word = Annotated[str | None, Query(max_length=100, pattern=NO_NUL)]


def filters(
    actor: Word = None,
    subject: Word = None,
    subject_id: Word = None,
    action: Action | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> AuditFilters:
    return AuditFilters(actor, subject, subject_id, action and str(action), since, until)


FiltersDep = Annotated[AuditFilters, Depends(filters)]


@router.get("")
async def list_audit_entries(
    caller: AdminDep,
    session: SessionDep,
    wanted: FiltersDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[AuditEntryOut]:
    """List what was changed, read and exported, the latest first."""
    shown = await auditing.listed(
        caller, session, wanted, before=after_number(cursor), limit=limit + 1
    )
    return page_of(
        shown.entries,
        limit,
        lambda row: AuditEntryOut.of(row, shown.names),
        lambda row: [str(row.id)],
    )


@router.get("/export", response_class=StreamingResponse, responses=CSV)
async def export_audit_log(
    caller: AdminDep, app: AppStateDep, wanted: FiltersDep
) -> StreamingResponse:
    """Export it as CSV. That it was exported is an entry, too."""
    rows = auditing.export(caller, app.sessions, wanted)
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=headers)
