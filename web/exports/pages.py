"""Exports: the list with progress, downloads and cancelling, and a form for a new one."""

import json
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import AppStateDep, BackendsDep
from api.export_files import as_download
from api.idempotent import OnceDep
from api.schemas.exports import ExportOut
from api.schemas.shared import UuidPath
from domain.exporting.kinds import UNDER_WAY, ExportFormat, ExportKind, ExportStatus
from services.exporting import exports
from services.exporting.inputs import NewExport
from web.exports.asked import (
    PATH,
    ExportAsked,
    chosen_filters,
    export_values,
    filter_choices,
    schedule_link,
    told,
)
from web.exports.limits import APART, limits_of
from web.forms import FormFieldsDep, parse
from web.frame import Frame, ManagersFrame
from web.page_context import PageUserDep
from web.route import PageRoute, redirect
from web.words import Words

LISTED = 100
KINDS = Words(
    {
        ExportKind.conversations: "Conversations",
        ExportKind.messages: "Messages",
        ExportKind.survey_answers: "Survey answers",
        ExportKind.events: "Events",
        ExportKind.figures: "Figures",
    }
)
FORMATS = Words(
    {ExportFormat.csv: "CSV, for spreadsheets", ExportFormat.jsonl: "JSON Lines, for programs"}
)
STATUSES = Words(
    {
        ExportStatus.waiting: "Waiting",
        ExportStatus.running: "Being made",
        ExportStatus.done: "Done",
        ExportStatus.failed: "Failed",
        ExportStatus.cancelled: "Cancelled",
        ExportStatus.expired: "Deleted",
    }
)
LABELS = Words(
    {
        "kind": "What",
        "format": "As",
        "first": "First day",
        "last": "Last day",
        "by": "Row for each",
        "view": "Filters",
    }
)

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_exports(frame: ManagersFrame) -> HTMLResponse:
    """List exports, the newest first."""
    return frame.answer("exports/list.html", **await _listed(frame))


@router.get("/list")
async def show_list(frame: ManagersFrame) -> HTMLResponse:
    """Show the list again, for the page that asks while something is made."""
    return frame.answer("exports/table.html", **await _listed(frame))


@router.get("/new")
async def show_new(frame: ManagersFrame, asked: Annotated[ExportAsked, Query()]) -> HTMLResponse:
    """Show the form of a new export, with the filters of the list that it is of."""
    return frame.answer(
        "exports/new.html",
        asked=asked,
        **await limits_of(frame, asked.report),
        carried=json.dumps(asked.filters),
        filters=told(asked.filters),
        views=await filter_choices(frame, carries=bool(asked.filters)),
        again=schedule_link(asked),
        kinds=list(KINDS.items()),
        formats=list(FORMATS.items()),
        apart=list(APART.items()),
        labels=LABELS,
    )


@router.post("")
async def create(
    request: Request,
    form: FormFieldsDep,
    frame: ManagersFrame,
    backends: BackendsDep,
    once: OnceDep,
) -> Response:
    """Begin an export."""
    filters = await chosen_filters(frame, form)
    wanted = parse(NewExport, export_values(form, filters, frame.page.zone), LABELS)

    async def make() -> ExportOut:
        return ExportOut.model_validate(await exports.create(frame.caller, frame.session, wanted))

    made = await once.create(frame.session, ExportOut, make)
    await frame.let_go()
    await exports.start(backends, made.id)
    return redirect(request, PATH)


@router.post("/{export_id}/cancel")
async def cancel(export_id: UuidPath, request: Request, frame: ManagersFrame) -> Response:
    """Cancel an export that is being made."""
    await exports.cancel(frame.caller, frame.session, export_id)
    return redirect(request, PATH)


@router.get("/{export_id}/file")
async def download(
    export_id: UuidPath, request: Request, user: PageUserDep, app: AppStateDep
) -> Response:
    """Download the file of an export."""
    async with app.sessions.begin() as session:
        file = await exports.open_file(user.caller, session, app.media, export_id)
    return as_download(file, request)


async def _listed(frame: Frame) -> dict[str, object]:
    found = await exports.listed(frame.caller, frame.session, None, LISTED)
    return {
        "exports": found,
        "is_busy": any(one.status in UNDER_WAY for one in found),
        "under_way": UNDER_WAY,
        "kinds": KINDS,
        "statuses": STATUSES,
    }
