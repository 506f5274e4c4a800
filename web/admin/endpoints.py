"""Endpoints: their list, one with its settings, and what became of the posts to it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import AppStateDep
from api.idempotent import OnceDep
from api.schemas.endpoints import (
    AttemptOut,
    DeliveryOut,
    EndpointChange,
    EndpointOut,
    NewEndpoint,
    NewSecret,
    Replay,
)
from api.schemas.shared import SlugPath
from database.queries.endpoints import Counts
from domain.endpoints.outcomes import SENTENCES
from domain.errors import Invalid
from services.configuring import endpoints
from services.configuring.endpoints import LONGEST_OVERLAP_HOURS, OVERLAP_HOURS, Secreted
from web.forms import FormFields, FormFieldsDep, Value, parse
from web.frame import AdminsFrame, Frame
from web.overtaken import overtaken, version_of
from web.route import PageRoute, is_part, redirect
from web.words import Words, _

PATH = "/admin/endpoints"
LABELS = Words(
    {
        "name": "Name",
        "url": "Address",
        "kinds": "Events",
        "includes_texts": "With texts",
        "overlap_hours": "Hours with both secrets",
        "event_id": "Event",
        "since": "Time",
    }
)
MOST_SHOWN = 50
"""Posts, and events that were not taken, on one page. Ours; the API lists all."""
MOVING = (
    *("paused_at", "pause_reason", "pause_sentence", "failures", "failing_since", "hold_until"),
    *("is_down", "read_to", "waiting", "given_up", "previous_secret_until", "retired_at"),
)
"""Fields of an endpoint that its form does not set."""

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_endpoints(frame: AdminsFrame) -> HTMLResponse:
    """List the endpoints, with a form for a new one."""
    rows = await endpoints.listed(frame.caller, frame.session)
    counts = await endpoints.counts(frame.caller, frame.session, rows)
    shown = [EndpointOut.of(row, counts[row.id]) for row in rows]
    types = endpoints.event_types(frame.caller)
    return frame.answer("admin/endpoints.html", endpoints=shown, types=types, labels=LABELS)


@router.post("")
async def create(
    request: Request, form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep, once: OnceDep
) -> Response:
    """Make an endpoint and show its secret, once."""
    new = parse(NewEndpoint, _values(form), LABELS)
    made: Secreted | None = None

    async def make() -> EndpointOut:
        nonlocal made
        made = await endpoints.create(frame.caller, frame.session, app.signing, new.wanted)
        return EndpointOut.of(made.endpoint, Counts())

    shown = await once.create(frame.session, EndpointOut, make)
    return _secret(request, frame, shown.id, made)


@router.get("/{endpoint_id}")
async def show_endpoint(
    endpoint_id: SlugPath, frame: AdminsFrame, saved: bool = False
) -> HTMLResponse:
    """Show an endpoint to edit, what it did not take, and the latest posts."""
    shown = await _endpoint(frame, endpoint_id)
    of, limit = (frame.caller, frame.session, endpoint_id), MOST_SHOWN
    attempts = await endpoints.attempts(*of, limit=limit)
    deliveries = await endpoints.deliveries(*of, limit=limit)
    return frame.answer(
        "admin/endpoint.html",
        endpoint=shown,
        seen=version_of(shown, MOVING),
        types=endpoints.event_types(frame.caller),
        attempts=[AttemptOut.of(row) for row in attempts],
        deliveries=[DeliveryOut.of(*row) for row in deliveries],
        sentences=SENTENCES,
        labels=LABELS,
        hours=OVERLAP_HOURS,
        longest_hours=LONGEST_OVERLAP_HOURS,
        saved=saved,
    )


@router.post("/{endpoint_id}")
async def change(
    request: Request,
    endpoint_id: SlugPath,
    form: FormFieldsDep,
    frame: AdminsFrame,
    app: AppStateDep,
) -> Response:
    """Change an endpoint."""

    async def present() -> str:
        return version_of(await _endpoint(frame, endpoint_id), MOVING)

    if told := await overtaken(request, frame, form, present):
        return told
    wanted = parse(EndpointChange, _values(form), LABELS).wanted
    await endpoints.change(frame.caller, frame.session, app.signing, endpoint_id, wanted)
    return redirect(request, f"{PATH}/{endpoint_id}?saved=true")


@router.post("/{endpoint_id}/secret")
async def rotate_secret(
    request: Request,
    endpoint_id: SlugPath,
    form: FormFieldsDep,
    frame: AdminsFrame,
    app: AppStateDep,
) -> Response:
    """Make a new secret and show it, once."""
    wanted = parse(NewSecret, {"overlap_hours": form.text("overlap_hours")}, LABELS)
    made = await endpoints.rotate_secret(
        frame.caller, frame.session, app.signing, endpoint_id, wanted.overlap_hours
    )
    return _secret(request, frame, endpoint_id, made)


@router.post("/{endpoint_id}/pause")
async def pause(request: Request, endpoint_id: SlugPath, frame: AdminsFrame) -> Response:
    """Post nothing until it is resumed."""
    await endpoints.pause(frame.caller, frame.session, endpoint_id)
    return redirect(request, f"{PATH}/{endpoint_id}")


@router.post("/{endpoint_id}/resume")
async def resume(request: Request, endpoint_id: SlugPath, frame: AdminsFrame) -> Response:
    """Go on where it stopped, now."""
    await endpoints.resume(frame.caller, frame.session, endpoint_id)
    return redirect(request, f"{PATH}/{endpoint_id}")


@router.post("/{endpoint_id}/test")
async def test(request: Request, endpoint_id: SlugPath, frame: AdminsFrame) -> Response:
    """Have a test posted."""
    await endpoints.test(frame.caller, frame.session, endpoint_id)
    return redirect(request, f"{PATH}/{endpoint_id}#posts")


@router.post("/{endpoint_id}/replay")
async def replay(
    request: Request, endpoint_id: SlugPath, form: FormFieldsDep, frame: AdminsFrame
) -> Response:
    """Post events again, from one or from a time on."""
    values = {"event_id": form.maybe("event_id"), "since": _moment(form, frame.page.zone)}
    if (values["event_id"] is None) == (values["since"] is None):
        raise Invalid("Name an event or a time to begin with, one of the two.")
    wanted = parse(Replay, values, LABELS)
    await endpoints.replay(
        frame.caller, frame.session, endpoint_id, event_id=wanted.event_id, since=wanted.since
    )
    return redirect(request, f"{PATH}/{endpoint_id}#posts")


@router.post("/{endpoint_id}/deliveries/{event_id}/replay")
async def replay_one(
    request: Request, endpoint_id: SlugPath, event_id: str, frame: AdminsFrame
) -> Response:
    """Post one event again, now."""
    found = parse(Replay, {"event_id": event_id}, LABELS)
    await endpoints.replay_one(frame.caller, frame.session, endpoint_id, found.event_id or 0)
    return redirect(request, f"{PATH}/{endpoint_id}#posts")


@router.post("/{endpoint_id}/deliveries/{event_id}/give-up")
async def give_up(
    request: Request, endpoint_id: SlugPath, event_id: str, frame: AdminsFrame
) -> Response:
    """Give up an event that waits."""
    found = parse(Replay, {"event_id": event_id}, LABELS)
    await endpoints.give_up(frame.caller, frame.session, endpoint_id, found.event_id or 0)
    return redirect(request, f"{PATH}/{endpoint_id}#posts")


@router.post("/{endpoint_id}/retire")
async def retire(request: Request, endpoint_id: SlugPath, frame: AdminsFrame) -> Response:
    """Take an endpoint out of use."""
    await endpoints.retire(frame.caller, frame.session, endpoint_id)
    return redirect(request, PATH)


async def _endpoint(frame: Frame, endpoint_id: str) -> EndpointOut:
    row = await endpoints.find(frame.caller, frame.session, endpoint_id)
    counts = await endpoints.counts(frame.caller, frame.session, [row])
    return EndpointOut.of(row, counts[row.id])


def _secret(
    request: Request, frame: Frame, endpoint_id: str, made: Secreted | None
) -> HTMLResponse:
    """Show a new secret: in the page whose form asked, or as a page of its own."""
    secret, address = made.secret if made else None, f"{PATH}/{endpoint_id}"
    if is_part(request):
        return frame.pages.answer("admin/secret.html", secret=secret, address=address)
    return frame.answer("admin/secret_page.html", secret=secret, address=address)


def _values(form: FormFields) -> dict[str, Value]:
    every = form.text("which") != "chosen"
    return {
        "name": form.text("name"),
        "url": form.text("url"),
        "kinds": None if every else form.every("kinds"),
        "includes_texts": form.is_checked("includes_texts"),
    }


def _moment(form: FormFields, zone: str) -> datetime | None:
    """Return the time in a form, which is the account's. Raises `Invalid`."""
    written = form.maybe("since")
    if written is None:
        return None
    try:
        return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone))
    except ValueError as error:
        raise Invalid(_("{label}: must be a date and a time.", label=LABELS["since"])) from error
