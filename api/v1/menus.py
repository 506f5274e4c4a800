"""Menus of phone calls."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.app_state import AppStateDep, SessionDep
from api.caller import AdminDep
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.calls import (
    MenuChange,
    MenuOut,
    MenuVersionOut,
    NewMenu,
    NumberIn,
    NumberSetUpOut,
    SetUpIn,
)
from api.schemas.shared import Cursor, Limit, Page, SlugPath, after_id, page_of
from api.scopes import needs
from domain.errors import Conflict, NotAllowed, NotFound, NumberInvalid
from domain.people.token_scopes import Area
from services import phone_set_up
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
    menu_id: SlugPath, caller: AdminDep, session: SessionDep
) -> list[MenuVersionOut]:
    """List every version of a menu, the newest first. Records of consent name them."""
    return [MenuVersionOut.of(one) for one in await menus.versions(caller, session, menu_id)]


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
    menu_id: SlugPath, wanted: SetUpIn, caller: AdminDep, app: AppStateDep
) -> NumberSetUpOut:
    """Make the provider post a number's calls to the menu. What it called before is kept."""
    done = await phone_set_up.set_up(
        caller, app.provisioning, menu_id, wanted.number, wanted.replaces
    )
    return NumberSetUpOut.model_validate(done)


@router.post("/{menu_id}/take-back", responses=documented(NotAllowed, NotFound, Conflict, NotSetUp))
async def take_menu_back(
    menu_id: SlugPath, wanted: NumberIn, caller: AdminDep, app: AppStateDep
) -> NumberSetUpOut:
    """Make the provider call again what it called before the menu was set up."""
    done = await phone_set_up.take_back(caller, app.provisioning, menu_id, wanted.number)
    return NumberSetUpOut.model_validate(done)
