"""Exports that are made again and again: their list, and a form for one, for admins."""

import json
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.idempotent import OnceDep
from api.schemas.exports import ExportScheduleOut
from api.schemas.shared import UuidPath
from domain.exporting.kinds import ExportKind
from domain.exporting.spans import Every
from services.configuring import endpoints
from services.exporting import buckets, schedules
from services.exporting.schedules import NewSchedule, ScheduleChange
from services.history.filters import HistoryFilters
from web.exports.asked import (
    PATH,
    ExportAsked,
    chosen_filters,
    filter_choices,
    kept_filters,
    told,
    without_times,
)
from web.exports.limits import APART, limits_in, limits_of
from web.exports.pages import FORMATS, KINDS
from web.forms import FormFields, FormFieldsDep, parse
from web.frame import AdminsFrame, Frame
from web.route import PageRoute, redirect
from web.words import Words

HERE = f"{PATH}/schedules"
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
        "view": "Filters",
        "endpoint": "Endpoint that is told",
        "bucket": "Bucket it is copied into",
    }
)
EMPTY: Mapping[str, object] = {
    **{"name": None, "format": "csv", "split_by": "day", "every": "day", "hour": 5},
    **{"bucket_id": None, "endpoint_id": None},
}

router = APIRouter(prefix=HERE, route_class=PageRoute)


@router.get("")
async def show_schedules(frame: AdminsFrame) -> HTMLResponse:
    """List them, the oldest first."""
    return frame.answer(
        "exports/schedules.html",
        schedules=await schedules.listed(frame.caller, frame.session),
        goals=await _goals(frame),
        kinds=KINDS,
        formats=FORMATS,
        every=EVERY,
    )


@router.get("/new")
async def show_new(frame: AdminsFrame, asked: Annotated[ExportAsked, Query()]) -> HTMLResponse:
    """Show the form for the next, with the filters of the list that it is of."""
    filters = without_times(asked.filters)
    return frame.answer(
        "exports/schedule.html",
        one={**EMPTY, "kind": asked.kind, "split_by": asked.by},
        path=HERE,
        **await _of_form(frame, filters, asked.report),
    )


@router.post("")
async def create(
    request: Request, form: FormFieldsDep, frame: AdminsFrame, once: OnceDep
) -> Response:
    """Add one."""
    wanted = parse(NewSchedule, await _values(frame, form), LABELS)

    async def make() -> ExportScheduleOut:
        made = await schedules.create(frame.caller, frame.session, wanted)
        return ExportScheduleOut.model_validate(made)

    await once.create(frame.session, ExportScheduleOut, make)
    return redirect(request, HERE)


@router.get("/{schedule_id}")
async def show_schedule(schedule_id: UuidPath, frame: AdminsFrame) -> HTMLResponse:
    """Show one with its form."""
    row = await schedules.find(frame.caller, frame.session, schedule_id)
    filters = kept_filters(HistoryFilters.model_validate(row.filters))
    return frame.answer(
        "exports/schedule.html",
        one=row,
        path=f"{HERE}/{row.id}",
        **await _of_form(frame, filters, row.report or {}, row.endpoint_id),
    )


@router.post("/{schedule_id}")
async def change(
    schedule_id: UuidPath, request: Request, form: FormFieldsDep, frame: AdminsFrame
) -> Response:
    """Change one."""
    wanted = parse(ScheduleChange, await _values(frame, form), LABELS)
    await schedules.change(frame.caller, frame.session, schedule_id, wanted)
    return redirect(request, HERE)


@router.post("/{schedule_id}/pause")
async def pause(schedule_id: UuidPath, request: Request, frame: AdminsFrame) -> Response:
    """Make nothing for it for a while."""
    return await _paused(request, frame, schedule_id, is_paused=True)


@router.post("/{schedule_id}/resume")
async def resume(schedule_id: UuidPath, request: Request, frame: AdminsFrame) -> Response:
    """Go on with it."""
    return await _paused(request, frame, schedule_id, is_paused=False)


@router.post("/{schedule_id}/retire")
async def retire(schedule_id: UuidPath, request: Request, frame: AdminsFrame) -> Response:
    """Retire one."""
    await schedules.retire(frame.caller, frame.session, schedule_id)
    return redirect(request, HERE)


async def _paused(
    request: Request, frame: Frame, schedule_id: UuidPath, *, is_paused: bool
) -> Response:
    change = ScheduleChange(is_paused=is_paused)
    await schedules.change(frame.caller, frame.session, schedule_id, change)
    return redirect(request, HERE)


async def _goals(frame: Frame) -> Mapping[str | UUID, str]:
    """Return the names of endpoints and buckets by their ids."""
    told_ones = await endpoints.listed(frame.caller, frame.session, retired=True)
    kept = await buckets.listed(frame.caller, frame.session)
    names: dict[str | UUID, str] = {one.id: one.name for one in told_ones}
    return names | {one.id: one.name for one in kept}


async def _of_form(
    frame: Frame,
    filters: dict[str, Any],
    report: Mapping[str, Any],
    chosen: str | None = None,
) -> dict[str, Any]:
    """Return what a form is made with. `chosen`: the endpoint, which may be retired by now."""
    targets = await endpoints.listed(frame.caller, frame.session, retired=True)
    kept = await buckets.listed(frame.caller, frame.session)
    return {
        "carried": json.dumps(filters),
        "filters": told(filters),
        "views": await filter_choices(frame, carries=bool(filters)),
        "endpoints": [(one.id, one.name) for one in targets if one.retired_at is None],
        "retired": [(one.id, one.name) for one in targets if one.retired_at and one.id == chosen],
        "buckets": [(one.id, one.name) for one in kept],
        "kinds": list(KINDS.items()),
        "formats": list(FORMATS.items()),
        "every": list(EVERY.items()),
        "apart": list(APART.items()),
        "labels": LABELS,
        **await limits_of(frame, report),
    }


async def _values(frame: Frame, form: FormFields) -> dict[str, object]:
    names = ("name", "kind", "format", "every", "hour")
    values: dict[str, object] = {name: form.text(name) for name in names}
    goals = {"endpoint": form.maybe("endpoint"), "bucket": form.maybe("bucket")}
    if values["kind"] == ExportKind.figures:
        limits = {"by": form.text("by"), "report": limits_in(form)}
        return values | goals | limits | {"filters": {}}
    filters = without_times(await chosen_filters(frame, form))
    return values | goals | {"filters": filters, "report": {}}
