"""Exports that are made again and again: their list with a form for the next, for admins."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.idempotent import OnceDep
from api.schemas.exports import ExportScheduleOut
from api.schemas.shared import UuidPath
from domain.exporting.kinds import ExportKind
from domain.exporting.spans import Every
from services.configuring import endpoints
from services.exporting import schedules
from services.exporting.schedules import NewSchedule
from web.exports.asked import PATH
from web.exports.pages import APART, FORMATS, KINDS
from web.forms import FormFields, FormFieldsDep, parse
from web.frame import AdminsFrame
from web.route import PageRoute, redirect
from web.words import Words

EVERY = Words(
    {
        Every.day: "Every day: yesterday",
        Every.week: "On Mondays: the last week",
        Every.month: "On the first: the last month",
    }
)
LABELS = Words(
    {
        "name": "Name",
        "kind": "What",
        "format": "As",
        "every": "When",
        "hour": "Hour",
        "by": "Row for each",
        "endpoint": "Endpoint that is told",
    }
)

router = APIRouter(prefix=f"{PATH}/schedules", route_class=PageRoute)


@router.get("")
async def show_schedules(frame: AdminsFrame) -> HTMLResponse:
    """List them, the oldest first, with a form for the next."""
    found = await schedules.listed(frame.caller, frame.session)
    targets = await endpoints.listed(frame.caller, frame.session)
    return frame.answer(
        "exports/schedules.html",
        schedules=found,
        endpoints=[(one.id, one.name) for one in targets],
        endpoint_names={one.id: one.name for one in targets},
        kinds=KINDS,
        formats=FORMATS,
        every=EVERY,
        apart=list(APART.items()),
        labels=LABELS,
    )


@router.post("")
async def create(
    request: Request, form: FormFieldsDep, frame: AdminsFrame, once: OnceDep
) -> Response:
    """Add one."""
    wanted = parse(NewSchedule, _values(form), LABELS)

    async def make() -> ExportScheduleOut:
        made = await schedules.create(frame.caller, frame.session, wanted)
        return ExportScheduleOut.model_validate(made)

    await once.create(frame.session, ExportScheduleOut, make)
    return redirect(request, f"{PATH}/schedules")


@router.post("/{schedule_id}/retire")
async def retire(schedule_id: UuidPath, request: Request, frame: AdminsFrame) -> Response:
    """Retire one."""
    await schedules.retire(frame.caller, frame.session, schedule_id)
    return redirect(request, f"{PATH}/schedules")


def _values(form: FormFields) -> dict[str, object]:
    names = ("name", "kind", "format", "every", "hour")
    values: dict[str, object] = {name: form.text(name) for name in names}
    if values["kind"] == ExportKind.figures:
        values["by"] = form.text("by")
    return values | {"endpoint": form.maybe("endpoint")}
