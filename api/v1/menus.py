"""Menus of phone calls."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.app_state import AppStateDep, SessionDep
from api.caller import AdminDep
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.calls import (
    CallToPlay,
    MenuChange,
    MenuOut,
    MenuVersionOut,
    NewMenu,
    NumberIn,
    NumberSetUpOut,
    PlayedOut,
    SetUpIn,
)
from api.schemas.shared import Cursor, Limit, Page, SlugPath, after_id, after_number, page_of
from api.scopes import needs
from domain.errors import Conflict, NotAllowed, NotFound, NumberInvalid
from domain.people.token_scopes import Area
from services import phone_set_up, playing_calls
from services.configuring import menus
from services.phone_set_up import NotSetUp

router = APIRouter(prefix="/menus", tags=["calls"], dependencies=[needs(Area.calls)])


@router.get("", responses=documented(NotAllowed))
async def list_menus(
    caller: AdminDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    retired: Annotated[bool, Query(description="Show retired ones too.")] = False,
) -> Page[MenuOut]:
    """List the account's menus."""
    found = await menus.listed(
        caller, session, after=after_id(cursor), limit=limit + 1, retired=retired
    )
    return page_of(found, limit, MenuOut.of, lambda one: [one.at.menu.id])


@router.post(
    "", status_code=201, responses=documented(NotAllowed, NotFound, Conflict, NumberInvalid)
)
async def create_menu(
    new: NewMenu, caller: AdminDep, session: SessionDep, once: OnceDep
) -> MenuOut:
    """Make a menu. Set it up at the provider, or give its id to your phone system."""

    async def make() -> MenuOut:
        return MenuOut.of(await menus.create(caller, session, new.wanted))

    return await once.create(session, MenuOut, make)


@router.get("/{menu_id}", responses=documented(NotAllowed, NotFound))
async def show_menu(menu_id: SlugPath, caller: AdminDep, session: SessionDep) -> MenuOut:
    """Show a menu, retired or not."""
    return MenuOut.of(await menus.find(caller, session, menu_id))


@router.get("/{menu_id}/versions", responses=documented(NotAllowed, NotFound))
async def list_menu_versions(
    menu_id: SlugPath,
    caller: AdminDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[MenuVersionOut]:
    """List every version of a menu, the newest first. Records of consent name them."""
    found = await menus.versions(
        caller, session, menu_id, before=after_number(cursor), limit=limit + 1
    )
    return page_of(found, limit, MenuVersionOut.of, lambda one: [str(one.version)])


@router.patch("/{menu_id}", responses=documented(NotAllowed, NotFound, Conflict, NumberInvalid))
async def change_menu(
    menu_id: SlugPath, change: MenuChange, caller: AdminDep, session: SessionDep
) -> MenuOut:
    """Change a menu, from the next call on. Another design becomes a new version."""
    return MenuOut.of(await menus.change(caller, session, menu_id, change.wanted))


@router.delete("/{menu_id}", status_code=204, responses=documented(NotAllowed, NotFound, Conflict))
async def retire_menu(menu_id: SlugPath, caller: AdminDep, session: SessionDep) -> None:
    """Retire a menu; its numbers are free. Refused while one is set up at the provider."""
    await menus.retire(caller, session, menu_id)


@router.get("/{menu_id}/set-up", responses=documented(NotAllowed, NotFound, Conflict))
async def show_set_up(
    menu_id: SlugPath, caller: AdminDep, app: AppStateDep
) -> list[NumberSetUpOut]:
    """Ask the provider where the calls of the menu's numbers go. Nothing is changed."""
    found = await phone_set_up.look(caller, app.provisioning, menu_id)
    return [NumberSetUpOut.model_validate(one) for one in found]


@router.post("/{menu_id}/set-up", responses=documented(NotAllowed, NotFound, Conflict, NotSetUp))
async def set_up_menu(
    menu_id: SlugPath, wanted: SetUpIn, caller: AdminDep, app: AppStateDep, once: OnceDep
) -> NumberSetUpOut:
    """Make the provider post a number's calls to the menu. What it called before is kept."""

    async def set_up() -> NumberSetUpOut:
        done = await phone_set_up.set_up(
            caller, app.provisioning, menu_id, wanted.number, wanted.replaces
        )
        return NumberSetUpOut.model_validate(done)

    return await once.do(app.sessions, NumberSetUpOut, set_up)


@router.post("/{menu_id}/take-back", responses=documented(NotAllowed, NotFound, Conflict, NotSetUp))
async def take_menu_back(
    menu_id: SlugPath, wanted: NumberIn, caller: AdminDep, app: AppStateDep, once: OnceDep
) -> NumberSetUpOut:
    """Make the provider call again what it called before the menu was set up."""

    async def take_back() -> NumberSetUpOut:
        done = await phone_set_up.take_back(caller, app.provisioning, menu_id, wanted.number)
        return NumberSetUpOut.model_validate(done)

    return await once.do(app.sessions, NumberSetUpOut, take_back)


@router.post(
    "/{menu_id}/play",
    dependencies=[needs(Area.calls, "read")],
    responses=documented(NotAllowed, NotFound),
)
async def play_call(
    menu_id: SlugPath, wanted: CallToPlay, caller: AdminDep, session: SessionDep
) -> PlayedOut:
    """Play a call to a menu, or to a design of it that is not saved. Nothing is sent or kept."""
    menu = await menus.find(caller, session, menu_id)
    played = await playing_calls.play_call(
        caller, session, wanted.design or menu.at.design, wanted.why_not, wanted.acts
    )
    return PlayedOut.of(played)
