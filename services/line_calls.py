"""Calls of a line's own number: answered by a menu that offers a text instead.

A menu is made for the number unless it has one; `services.phone_set_up` does the rest.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, accounts
from database.queries import menus as menu_rows
from database.tables import Line, MenuNumber
from domain.calls.menu import SPOKEN
from domain.errors import Conflict
from domain.numbers.line_addresses import phone_key
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services import phone_set_up
from services.caller import Caller
from services.configuring import menus
from services.configuring.menus import NewMenu
from services.number_owners import check_nobody_elses
from services.phone_set_up import NumberSetUp, Provisioning


async def answer(
    caller: Caller, by: Provisioning, line_id: str, replaces: str | None
) -> NumberSetUp:
    """Have a line's own calls answered with the offer of a text. Repeating it changes nothing.

    `replaces`: where they went when it was shown; None: wherever. Raises `NotFound`, `NotSetUp`,
    and `Conflict` for a line that is no phone number, a provider that takes no calls, calls that
    go elsewhere by now, past any address, or whose texts are another account's here.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.calls_write)
    async with by.sessions() as session:
        line = await account_rows.find_active(session, Line, caller.account_id, line_id)
        await check_nobody_elses(session, line)
    number = phone_key(line.address)
    if number is None:
        raise Conflict(f"{line.name} is no phone number, so it gets no calls.")
    way = await phone_set_up.way_of(by, caller.account_id, line.id)
    await phone_set_up.present(by, way, number)
    async with by.sessions.begin() as session:
        menu_id = await _menu_for(caller, session, line, number)
    return await phone_set_up.set_up(caller, by, menu_id, number, replaces)


async def give_up(caller: Caller, by: Provisioning, line_id: str, *, leaves: bool = False) -> None:
    """Give a line's own calls back to where they went, and retire the menu that is theirs alone.

    `leaves`: the provider's settings stay as they are. Raises `NotFound`, `NotSetUp`.
    """
    caller.require(Role.admin)
    async with by.sessions() as session:
        line = await account_rows.find(session, Line, caller.account_id, line_id)
        menu_id = await menu_rows.of_line_alone(session, line.id, phone_key(line.address))
        rows = await menu_rows.numbers(session, [menu_id] if menu_id else [])
    if menu_id is None:
        return
    for row in rows:
        if row.replaced is not None and not leaves:
            await phone_set_up.take_back(caller, by, menu_id, row.number)
    async with by.sessions.begin() as session:
        await phone_set_up.forget(caller, session, menu_id)
        await menus.retire(caller, session, menu_id)


async def wanted_at(by: Provisioning, line: Line) -> str | None:
    """Return where the provider shall post a line's own calls; None: we did not make it do so."""
    number = phone_key(line.address)
    async with by.sessions() as session:
        row = await session.get(MenuNumber, (number, line.account_id)) if number else None
        if number is None or row is None or row.replaced is None:
            return None
        menu = await menu_rows.at_number(session, line.account_id, number)
    if menu is None:
        return None
    way = await phone_set_up.way_of(by, line.account_id, menu.design.line)
    return way.wanted(by.public_url)[0]


async def _menu_for(caller: Caller, session: AsyncSession, line: Line, number: str) -> str:
    """Return the menu of a number, which is made unless it is there."""
    known = await menu_rows.at_number(session, caller.account_id, number)
    if known is not None:
        return known.menu.id
    account = await accounts.find(session, caller.account_id)
    language = line.language or account.language
    spoken = [language] if language in SPOKEN else ["en"]
    design = menus.design_of({"line": line.id, "languages": list(spoken)})
    made = await menus.create(caller, session, NewMenu(line.name, design, [line.address]))
    return made.at.menu.id
