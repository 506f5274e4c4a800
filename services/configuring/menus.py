"""Menus of phone calls: their numbers, what they say, and every version of that."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, menus
from database.queries.menus import MenuAt
from database.tables import Line, Menu, MenuNumber, MenuVersion, Skill
from domain.calls.menu import Design
from domain.errors import Invalid
from domain.numbers.phone_numbers import phone_of
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.settings.allowed import check_setting
from services.caller import Caller
from services.changes import UNCHANGED, Change, Unchanged
from services.clock import utc_now
from services.installation import Installation

MOST_NUMBERS = 100
"""Of one menu. Ours."""


@dataclass(frozen=True)
class MenuDetail:
    """A menu in its present version, with its numbers."""

    at: MenuAt
    numbers: Sequence[MenuNumber]


@dataclass(frozen=True)
class NewMenu:
    """A menu to make. Without an id, the name makes one."""

    name: str
    design: Design
    numbers: Collection[str] = ()
    id: str | None = None


@dataclass(frozen=True)
class MenuChange(Change):
    """Another design is another version."""

    name: str | Unchanged = UNCHANGED
    design: Design | Unchanged = UNCHANGED
    numbers: Collection[str] | Unchanged = UNCHANGED


async def listed(
    caller: Caller,
    session: AsyncSession,
    *,
    after: str | None = None,
    limit: int | None = None,
    retired: bool = False,
) -> list[MenuDetail]:
    """Return the account's menus, after the id `after`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.calls_read)
    rows = await account_rows.listed(
        session, Menu, caller.account_id, after=after, limit=limit, retired=retired
    )
    return await _details(session, rows)


async def find(caller: Caller, session: AsyncSession, menu_id: str) -> MenuDetail:
    """Return a menu, retired or not. Raises `NotFound`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.calls_read)
    menu = await account_rows.find(session, Menu, caller.account_id, menu_id)
    return (await _details(session, [menu]))[0]


async def versions(
    caller: Caller,
    session: AsyncSession,
    menu_id: str,
    *,
    before: int | None = None,
    limit: int | None = None,
) -> Sequence[MenuVersion]:
    """Return versions of a menu from `before` down, the newest first. Raises `NotFound`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.calls_read)
    menu = await account_rows.find(session, Menu, caller.account_id, menu_id)
    return await menus.versions(session, menu.id, before=before, limit=limit)


async def create(caller: Caller, session: AsyncSession, new: NewMenu) -> MenuDetail:
    """Make a menu.

    Raises `NumberInvalid`, `Invalid` for an unfit name or id; `NotFound`, `Conflict` for a line or
    skill that does not exist or is retired, and for a number of another menu.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.calls_write)
    check_setting("name", new.name)
    await _check(session, caller.account_id, new.design)
    menu = Menu(
        id=await account_rows.new_id(session, Menu, caller.account_id, new.name, new.id),
        account_id=caller.account_id,
        name=new.name,
        version=0,
    )
    session.add(menu)
    await session.flush()
    await _add_version(caller, session, menu, new.design)
    await menus.set_numbers(session, menu, _keys(new.numbers))
    return (await _details(session, [menu]))[0]


async def change(
    caller: Caller, session: AsyncSession, menu_id: str, wanted: MenuChange
) -> MenuDetail:
    """Change a menu, from the next call on. Another design becomes a new version; old ones stay.

    Raises what `create` raises.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.calls_write)
    menu = await account_rows.find_active(session, Menu, caller.account_id, menu_id)
    wanted.apply(menu, but=["design", "numbers"])
    [at] = await menus.present(session, [menu])
    if wanted.design is not UNCHANGED and wanted.design != at.design:
        await _check(session, caller.account_id, wanted.design)
        await _add_version(caller, session, menu, wanted.design)
    if wanted.numbers is not UNCHANGED:
        await menus.set_numbers(session, menu, _keys(wanted.numbers))
    return (await _details(session, [menu]))[0]


async def retire(caller: Caller, session: AsyncSession, menu_id: str) -> None:
    """Retire a menu; its numbers are free for another. Raises `NotFound`, and `Conflict` while a
    number is set up at the provider.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.calls_write)
    menu = await account_rows.find_active(session, Menu, caller.account_id, menu_id)
    await menus.set_numbers(session, menu, ())
    account_rows.retire(menu, utc_now())


def design_of(values: Mapping[str, JsonValue]) -> Design:
    """Return a design from what somebody wrote. Raises `Invalid`, which names the first mistake."""
    try:
        return Design.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part not in ("dial", "queue"))
        told = str(first.get("ctx", {}).get("error", first["msg"])).rstrip(".")
        raise Invalid(f"{where}: {told}." if where else f"{told}.") from error


async def _check(session: AsyncSession, account_id: str, design: Design) -> None:
    await account_rows.find_active(session, Line, account_id, design.line)
    if design.skill is not None:
        await account_rows.find_active(session, Skill, account_id, design.skill)


async def _add_version(caller: Caller, session: AsyncSession, menu: Menu, design: Design) -> None:
    menu.version += 1
    person = caller.person
    version = MenuVersion(
        menu_id=menu.id,
        version=menu.version,
        design=design.model_dump(mode="json"),
        agent_id=person.agent_id if person else None,
        token_id=caller.id if _has_token(caller) else None,
    )
    session.add(version)
    await session.flush()


def _has_token(caller: Caller) -> bool:
    """Say whether a program calls; the command line is none that has a token."""
    return caller.proof.is_program and caller.id != Installation().id


def _keys(numbers: Collection[str]) -> list[str]:
    if len(numbers) > MOST_NUMBERS:
        raise Invalid(f"A menu may have at most {MOST_NUMBERS} numbers.")
    return sorted({phone_of(number).key for number in numbers})


async def _details(session: AsyncSession, rows: Sequence[Menu]) -> list[MenuDetail]:
    numbers = await menus.numbers(session, [row.id for row in rows])
    return [
        MenuDetail(at, [one for one in numbers if one.menu_id == at.menu.id])
        for at in await menus.present(session, rows)
    ]
