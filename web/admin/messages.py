"""Automatic messages: which text is sent when, edited beside a consumer's phone."""

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
from web.forms import FormFields, FormFieldsDep, beside, parse
from web.frame import AdminsFrame
from web.overtaken import overtaken, version_of
from web.route import PageRoute, is_part, redirect
from web.words import Words

PATH = "/admin/messages"
LABELS = Words(
    {
        "text": "Text",
        "prefix": "Prefix",
        "delay_seconds": "Time",
        "repeats": "Times",
        "language": "Language",
    }
)

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
    """Show what is sent on each event, and one text to edit."""
    query = SettingsPageQuery.of(brand, of, language, event)
    return await message_pages.answer(frame, brand, query, saved=saved)


@router.post("")
async def set_text(
    request: Request, form: FormFieldsDep, frame: AdminsFrame, brand: BrandDep
) -> Response:
    """Set a text, or switch the message off."""
    query = _query(form, brand)

    async def present() -> str:
        return await message_pages.text_version(frame, query)

    if told := await overtaken(request, frame, form, present):
        return told
    values = {
        "event": query.event,
        "line": query.scope.line,
        "skill": query.scope.skill,
        "connector": query.scope.connector,
        "language": query.language,
        "text": form.text("text"),
        "enabled": form.is_checked("enabled"),
    }
    wanted = parse(AutomaticIn, values, LABELS)
    with beside("text", LABELS["text"]):
        await automatic_messages.put(frame.caller, frame.session, wanted.new_text)
    return redirect(request, query.saved)


@router.post("/preview")
async def preview(
    request: Request, form: FormFieldsDep, frame: AdminsFrame, brand: BrandDep
) -> HTMLResponse:
    """Show a text on the phone as it would arrive, before it is saved."""
    query = _query(form, brand)
    draft = Draft(form.text("text"), form.is_checked("enabled"))
    if is_part(request):
        return message_pages.answer_preview(frame, brand, query, draft)
    return await message_pages.answer(frame, brand, query, draft=draft)


@router.post("/timer")
async def set_timer(
    request: Request, form: FormFieldsDep, frame: AdminsFrame, brand: BrandDep
) -> Response:
    """Set when a text is sent, in every language."""
    query = _query(form, brand)

    async def present() -> str:
        return await message_pages.timer_version(frame, query)

    if told := await overtaken(request, frame, form, present):
        return told
    values = {
        "event": query.event,
        "line": query.scope.line,
        "skill": query.scope.skill,
        "delay_seconds": form.seconds("delay", LABELS["delay_seconds"]),
        "repeats": form.text("repeats") or 1,
    }
    wanted = parse(TimerIn, values, LABELS)
    with beside("delay", LABELS["delay_seconds"]):
        await timers.put(frame.caller, frame.session, wanted.setting)
    return redirect(request, query.saved)


@router.post("/timer/{row}/remove")
async def remove_timer(
    request: Request, row: RowId, form: FormFieldsDep, frame: AdminsFrame, brand: BrandDep
) -> Response:
    """Remove a timer: the less specific one applies again."""
    await timers.remove(frame.caller, frame.session, row)
    return redirect(request, _query(form, brand).saved)


@router.post("/prefix")
async def set_prefix(
    request: Request, form: FormFieldsDep, frame: AdminsFrame, brand: BrandDep, app: AppStateDep
) -> Response:
    """Set the prefix of a connector's automatic messages."""
    query = _query(form, brand)
    connector = query.scope.connector
    if connector is None:
        raise NotFound

    async def present() -> str:
        known = await connectors.find(frame.caller, frame.session, connector)
        return version_of([known.prefix])

    if told := await overtaken(request, frame, form, present):
        return told
    change = parse(ConnectorChange, {"prefix": form.text("prefix")}, LABELS)
    await connectors.change(
        frame.caller, frame.session, app.known_providers, connector, change.wanted
    )
    return redirect(request, query.saved)


@router.post("/{row}/remove")
async def remove_text(
    request: Request, row: RowId, form: FormFieldsDep, frame: AdminsFrame, brand: BrandDep
) -> Response:
    """Remove a text: the less specific one applies again."""
    await automatic_messages.remove(frame.caller, frame.session, row)
    return redirect(request, _query(form, brand).saved)


def _query(form: FormFields, brand: Brand) -> SettingsPageQuery:
    event = form.maybe("event")
    try:
        chosen = Automatic(event) if event else None
    except ValueError as error:
        raise NotFound from error
    query = SettingsPageQuery.of(brand, form.text("of"), form.text("language"), chosen)
    if chosen and query.event is not chosen:
        raise NotFound
    return query
