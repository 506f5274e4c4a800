"""Exports: files of conversations, messages, survey answers, events or figures."""

from datetime import datetime
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from api.app_state import AppStateDep, BackendsDep, SessionDep
from api.caller import ManagerDep
from api.errors import RangeNotThere
from api.export_files import as_download
from api.idempotent import OnceDep
from api.list_cursors import read_moment_and_id
from api.problems import documented
from api.schemas.exports import ExportOut
from api.schemas.shared import Cursor, Limit, Page, UuidPath, page_of
from api.scopes import needs
from database.tables import Export
from domain.errors import Conflict, Invalid, NotAllowed, NotFound, NumberInvalid
from domain.people.token_scopes import Area
from services.errors import FileNotThere
from services.exporting import exports
from services.exporting.inputs import NewExport

router = APIRouter(
    prefix="/exports",
    tags=["exports"],
    responses=documented(NotAllowed),
    dependencies=[needs(Area.exports)],
)


@router.post("", status_code=201, responses=documented(Conflict, Invalid, NumberInvalid))
async def create_export(
    new: NewExport, caller: ManagerDep, backends: BackendsDep, once: OnceDep
) -> ExportOut:
    """Export what you see as CSV or JSON Lines; it is made in parts, and survives a restart.

    Conversations are those opened until now, the oldest first. In CSV, a text that a spreadsheet
    would run begins with an apostrophe. Three exports of a caller and ten of an account are made at
    a time. Columns are named in the file; ask with an unknown one to be told them all.
    """
    async with backends.sessions.begin() as session:

        async def make() -> ExportOut:
            return ExportOut.shown(caller, await exports.create(caller, session, new))

        made = await once.create(session, ExportOut, make)
    await exports.start(backends, made.id)
    return made


@router.get("", responses=documented(Invalid))
async def list_exports(
    caller: ManagerDep, session: SessionDep, cursor: Cursor = None, limit: Limit = 50
) -> Page[ExportOut]:
    """List your exports, the newest first; admins see all of the account."""
    found = await exports.listed(caller, session, _before(cursor), limit + 1)
    return page_of(found, limit, partial(ExportOut.shown, caller), _position)


@router.get("/{export_id}", responses=documented(NotFound))
async def show_export(export_id: UuidPath, caller: ManagerDep, session: SessionDep) -> ExportOut:
    """Show how far an export is."""
    return ExportOut.shown(caller, await exports.find(caller, session, export_id))


@router.post("/{export_id}/cancel", responses=documented(NotFound, Conflict))
async def cancel_export(export_id: UuidPath, caller: ManagerDep, session: SessionDep) -> ExportOut:
    """Cancel an export that is being made. Done again, it changes nothing."""
    return ExportOut.shown(caller, await exports.cancel(caller, session, export_id))


@router.get(
    "/{export_id}/file",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/csv": {}, "application/x-ndjson": {}}},
        206: {"description": "The range of its bytes that was asked for."},
        **documented(NotFound, Conflict, FileNotThere, RangeNotThere),
    },
)
async def download_export(
    export_id: UuidPath, request: Request, caller: ManagerDep, app: AppStateDep
) -> StreamingResponse:
    """Download the file of an export that is done, within seven days.

    A download that was interrupted goes on with `Range: bytes=<first>-`, and `If-Range` with the
    `ETag` of the first answer.
    """
    async with app.sessions.begin() as session:
        file = await exports.open_file(caller, session, app.media, export_id)
    return as_download(file, request)


def _position(export: Export) -> list[str]:
    return [export.created_at.isoformat(), str(export.id)]


def _before(cursor: str | None) -> tuple[datetime, UUID] | None:
    return read_moment_and_id(cursor)
