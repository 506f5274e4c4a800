"""Phone calls: menus with a call played beside them, their set-up at the provider, recent calls."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import AppStateDep
from api.idempotent import OnceDep
from api.schemas.calls import CallOut, MenuOut, MenuVersionOut
from api.schemas.shared import SlugPath
from domain.calls.kinds import WhyNot
from domain.calls.playing import MOST_ACTS, Played
from domain.errors import Conflict, DomainError
from services import calls, phone_set_up, playing_calls
from services.configuring import lines, menus
from services.configuring.menus import MenuChange, NewMenu
from services.phone_set_up import NumberSetUp
from web.admin import menu_forms, skills
from web.admin.menu_forms import read_design, read_numbers
from web.forms import FormFieldsDep
from web.frame import AdminsFrame, Frame
from web.overtaken import overtaken, version_of
from web.route import PageRoute, redirect, refused_beside
from web.words import Words

PATH = "/admin/calls"
SHOWN = 50
"""Calls on the page. Ours: the API lists all."""
OUTCOMES = Words(
    {
        "under_way": "Under way",
        "asked": "Asked for a text",
        "answered": "Answered",
        "passed_on": "Passed on",
        "missed": "Missed",
        "abandoned": "Hung up",
    }
)

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_calls(frame: AdminsFrame) -> HTMLResponse:
    """List the menus and the latest calls."""
    found = await calls.listed(frame.caller, frame.session, limit=SHOWN)
    every = await menus.listed(frame.caller, frame.session, retired=True)
    shown = [MenuOut.of(one) for one in every]
    return frame.answer(
        "admin/calls.html",
        menus=[one for one in shown if one.retired_at is None],
        menu_names={one.id: one.name for one in shown},
        lines=[one.line for one in await lines.listed(frame.caller, frame.session)],
        calls=[CallOut.of(one) for one in found],
        outcomes=OUTCOMES,
    )


@router.post("")
async def create(
    request: Request,
    name: Annotated[str, Form()],
    line: Annotated[str, Form()],
    frame: AdminsFrame,
    once: OnceDep,
) -> Response:
    """Make a menu with our own words and go to it."""
    new = NewMenu(name.strip(), menus.design_of({"line": line}))

    async def make() -> MenuOut:
        return MenuOut.of(await menus.create(frame.caller, frame.session, new))

    made = await once.create(frame.session, MenuOut, make)
    return redirect(request, f"{PATH}/{made.id}")


@router.get("/{menu_id}")
async def show_menu(menu_id: SlugPath, frame: AdminsFrame, saved: bool = False) -> HTMLResponse:
    """Show a menu to edit."""
    menu = MenuOut.of(await menus.find(frame.caller, frame.session, menu_id))
    design = menu.design
    versions = await menus.versions(frame.caller, frame.session, menu_id)
    return frame.answer(
        "admin/menu.html",
        menu=menu,
        lines=[one.line for one in await lines.listed(frame.caller, frame.session)],
        skills=await skills.list_skills(frame),
        languages=menu_forms.languages(),
        waiting=menu_forms.waiting_fields(design),
        ways=menu_forms.KEEP_WAITING.items(),
        texts={one: menu_forms.wording_fields(design, one) for one in design.languages},
        versions=[MenuVersionOut.of(one) for one in versions],
        saved=saved,
        seen=version_of(menu, ("version", "retired_at")),
        **await _playing(frame, menu, "", ()),
    )


@router.post("/{menu_id}")
async def change(
    request: Request, menu_id: SlugPath, form: FormFieldsDep, frame: AdminsFrame
) -> Response:
    """Change a menu."""

    async def present() -> str:
        now = MenuOut.of(await menus.find(frame.caller, frame.session, menu_id))
        return version_of(now, ("version", "retired_at"))

    if told := await overtaken(request, frame, form, present):
        return told
    wanted = MenuChange(form.text("name"), read_design(form), read_numbers(form))
    await menus.change(frame.caller, frame.session, menu_id, wanted)
    return redirect(request, f"{PATH}/{menu_id}?saved=true")


@router.post("/{menu_id}/play")
async def play(
    request: Request, menu_id: SlugPath, form: FormFieldsDep, frame: AdminsFrame
) -> HTMLResponse:
    """Play a call with the values of the form, which may not be saved yet. Nothing is sent."""
    menu = MenuOut.of(await menus.find(frame.caller, frame.session, menu_id))
    acts = [*form.text("acts").split(), *form.every("act")]
    try:
        design = read_design(form) if form.text("line") else menu.design
        unsaved = menu.model_copy(update={"design": design})
        shown = await _playing(frame, unsaved, form.text("caller"), acts)
    except DomainError as error:
        return refused_beside(request, error)
    return frame.answer("admin/played_call.html", menu=unsaved, **shown)


@router.get("/{menu_id}/versions")
async def show_version(
    menu_id: SlugPath, frame: AdminsFrame, version: Annotated[int, Query(ge=1)] = 1
) -> HTMLResponse:
    """Show a menu as it was in one of its versions."""
    menu = MenuOut.of(await menus.find(frame.caller, frame.session, menu_id))
    found = await menus.versions(frame.caller, frame.session, menu_id)
    shown = next((one for one in found if one.version == version), found[0])
    old = MenuVersionOut.of(shown)
    texts = {one: menu_forms.wording_fields(old.design, one) for one in old.design.languages}
    return frame.answer("admin/menu_version.html", menu=menu, shown=old, texts=texts)


@router.get("/{menu_id}/set-up")
async def show_set_up(menu_id: SlugPath, frame: AdminsFrame, app: AppStateDep) -> HTMLResponse:
    """Show where the provider posts the calls of the menu's numbers."""
    menu = MenuOut.of(await menus.find(frame.caller, frame.session, menu_id))
    numbers: list[NumberSetUp] = []
    refused = ""
    try:
        numbers = await phone_set_up.look(frame.caller, app.provisioning, menu_id)
    except Conflict as error:
        refused = error.detail
    return frame.answer("admin/menu_set_up.html", menu=menu, numbers=numbers, refused=refused)


@router.post("/{menu_id}/set-up")
async def set_up(
    request: Request, menu_id: SlugPath, form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep
) -> Response:
    """Make the provider post a number's calls to the menu."""
    number, replaces = form.text("number"), form.text("replaces")
    await phone_set_up.set_up(frame.caller, app.provisioning, menu_id, number, replaces)
    return redirect(request, f"{PATH}/{menu_id}/set-up")


@router.post("/{menu_id}/take-back")
async def take_back(
    request: Request, menu_id: SlugPath, form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep
) -> Response:
    """Make the provider call again what it called before."""
    await phone_set_up.take_back(frame.caller, app.provisioning, menu_id, form.text("number"))
    return redirect(request, f"{PATH}/{menu_id}/set-up")


@router.post("/{menu_id}/retire")
async def retire(request: Request, menu_id: SlugPath, frame: AdminsFrame) -> Response:
    """Retire a menu."""
    await menus.retire(frame.caller, frame.session, menu_id)
    return redirect(request, PATH)


async def _playing(
    frame: Frame, menu: MenuOut, caller: str, acts: Sequence[str]
) -> dict[str, object]:
    """Return what the played call shows. `acts`: what was done in it so far."""
    why_not = WhyNot(caller) if caller in list(WhyNot) else None
    played: Played = await playing_calls.play_call(
        frame.caller, frame.session, menu.design, why_not, acts[:MOST_ACTS]
    )
    return {
        "played": played,
        "caller": caller,
        "callers": menu_forms.CALLERS.items(),
        "act_words": menu_forms.ACTS,
    }
