"""Automatic messages: which text is sent when, edited beside the phone it arrives on."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import AppStateDep
from api.schemas.automatic import AutomaticIn, TimerIn
from api.schemas.brand import ConnectorChange
from domain.automatic.kinds import Automatic
from domain.errors import NotFound
from services.configuring import automatic_messages, connectors, timers
from web.admin import message_pages
from web.admin.message_pages import Draft, SettingsPageQuery
from web.admin.scopes import Brand, BrandDep, RowId
from web.forms import Filled, FilledDep, model
from web.frame import AdminsFrame
from web.route import PageRoute, go, is_part

PATH = "/admin/messages"
LABELS = {
    "text": "Text",
    "prefix": "Prefix",
    "delay_seconds": "Time",
    "repeats": "Times",
    "language": "Language",
}

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_messages(
    frame: AdminsFrame,
    brand: BrandDep,
    of: str = "",
    language: str = "",
    event: Annotated[Automatic | None, Query()] = None,
    saved: bool = False,
) -> HTMLResponse:
    """Show what is sent on each event, and one of the texts to be changed."""
    query = SettingsPageQuery.of(brand, of, language, event)
    return await message_pages.answer(frame, brand, query, saved=saved)


@router.post("")
async def set_text(
    request: Request, filled: FilledDep, frame: AdminsFrame, brand: BrandDep
) -> Response:
    """Set a text, or switch the message off."""
    query = _query(filled, brand)
    values = {
        "event": query.event,
        "line": query.scope.line,
        "skill": query.scope.skill,
        "connector": query.scope.connector,
        "language": query.language,
        "text": filled.text("text"),
        "enabled": filled.is_checked("enabled"),
    }
    wanted = model(AutomaticIn, values, LABELS)
    await automatic_messages.put(frame.caller, frame.session, wanted.new_text)
    return go(request, query.saved)


@router.post("/preview")
async def preview(
    request: Request, filled: FilledDep, frame: AdminsFrame, brand: BrandDep
) -> HTMLResponse:
    """Show a text on the phone as it would arrive, before it is saved."""
    query = _query(filled, brand)
    draft = Draft(filled.text("text"), filled.is_checked("enabled"))
    if is_part(request):
        return message_pages.tried(frame, brand, query, draft)
    return await message_pages.answer(frame, brand, query, draft=draft)


@router.post("/timer")
async def set_timer(
    request: Request, filled: FilledDep, frame: AdminsFrame, brand: BrandDep
) -> Response:
    """Set when time sends a text, in every language."""
    query = _query(filled, brand)
    values = {
        "event": query.event,
        "line": query.scope.line,
        "skill": query.scope.skill,
        "delay_seconds": filled.seconds("delay", LABELS["delay_seconds"]),
        "repeats": filled.text("repeats") or 1,
    }
    wanted = model(TimerIn, values, LABELS)
    await timers.put(frame.caller, frame.session, wanted.setting)
    return go(request, query.saved)


@router.post("/timer/{row}/remove")
async def remove_timer(
    request: Request, row: RowId, filled: FilledDep, frame: AdminsFrame, brand: BrandDep
) -> Response:
    """Remove a timer: what is less specific holds again."""
    await timers.remove(frame.caller, frame.session, row)
    return go(request, _query(filled, brand).saved)


@router.post("/prefix")
async def set_prefix(
    request: Request, filled: FilledDep, frame: AdminsFrame, brand: BrandDep, app: AppStateDep
) -> Response:
    """Set what stands before every automatic message of a connector."""
    query = _query(filled, brand)
    connector = query.scope.connector
    if connector is None:
        raise NotFound
    change = model(ConnectorChange, {"prefix": filled.text("prefix")}, LABELS)
    await connectors.change(
        frame.caller, frame.session, app.known_providers, connector, change.wanted
    )
    return go(request, query.saved)


@router.post("/{row}/remove")
async def remove_text(
    request: Request, row: RowId, filled: FilledDep, frame: AdminsFrame, brand: BrandDep
) -> Response:
    """Remove a text: what is less specific holds again."""
    await automatic_messages.remove(frame.caller, frame.session, row)
    return go(request, _query(filled, brand).saved)


def _query(filled: Filled, brand: Brand) -> SettingsPageQuery:
    event = filled.maybe("event")
    try:
        chosen = Automatic(event) if event else None
    except ValueError as error:
        raise NotFound from error
    query = SettingsPageQuery.of(brand, filled.text("of"), filled.text("language"), chosen)
    if chosen and query.event is not chosen:
        raise NotFound
    return query
