"""Menus of phone calls, their versions and their numbers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from database.tables import Menu, MenuNumber, MenuVersion
from domain.calls.menu import Design
from domain.errors import Conflict


@dataclass(frozen=True)
class MenuAt:
    """A menu in one of its versions."""

    menu: Menu
    version: MenuVersion

    @property
    def design(self) -> Design:
        return Design.model_validate(self.version.design)


async def at_number(session: AsyncSession, account_id: str, number: str) -> MenuAt | None:
    """Return the present menu of a phone number (E.164)."""
    return await _one(
        session,
        select(Menu, MenuVersion)
        .join(MenuNumber, MenuNumber.menu_id == Menu.id)
        .join(MenuVersion, MenuVersion.menu_id == Menu.id)
        .where(
            MenuNumber.number == number,
            MenuNumber.account_id == account_id,
            MenuVersion.version == Menu.version,
            Menu.retired_at.is_(None),
        ),
    )


async def version_of(
    session: AsyncSession, account_id: str, menu_id: str, version: int
) -> MenuAt | None:
    """Return a menu as it was in one of its versions, retired or not."""
    return await _one(
        session,
        select(Menu, MenuVersion)
        .join(MenuVersion, MenuVersion.menu_id == Menu.id)
        .where(Menu.id == menu_id, Menu.account_id == account_id, MenuVersion.version == version),
    )


async def present(session: AsyncSession, menus: Sequence[Menu]) -> list[MenuAt]:
    """Return menus in their present versions."""
    query = select(MenuVersion).join(Menu, Menu.id == MenuVersion.menu_id)
    rows = await session.scalars(
        query.where(Menu.id.in_([one.id for one in menus]), MenuVersion.version == Menu.version)
    )
    versions = {row.menu_id: row for row in rows}
    return [MenuAt(one, versions[one.id]) for one in menus]


async def versions(
    session: AsyncSession, menu_id: str, *, before: int | None = None, limit: int | None = None
) -> Sequence[MenuVersion]:
    """Return versions of a menu, the newest first: those before a version, or all."""
    query = select(MenuVersion).where(MenuVersion.menu_id == menu_id)
    if before is not None:
        query = query.where(MenuVersion.version < before)
    query = query.order_by(MenuVersion.version.desc()).limit(limit)
    return (await session.scalars(query)).all()


async def of_line_alone(session: AsyncSession, line_id: str, number: str | None) -> str | None:
    """Return the menu that texts from a line and has its number alone; None: there is none."""
    other = aliased(MenuNumber)
    has_another = exists().where(other.menu_id == Menu.id, other.number != number)
    query = (
        select(Menu.id)
        .join(MenuNumber, MenuNumber.menu_id == Menu.id)
        .join(MenuVersion, MenuVersion.menu_id == Menu.id)
        .where(MenuVersion.version == Menu.version, MenuVersion.design["line"].astext == line_id)
        .where(MenuNumber.number == number, Menu.retired_at.is_(None), ~has_another)
    )
    found: str | None = await session.scalar(query)
    return found


async def numbers(session: AsyncSession, menu_ids: Collection[str]) -> Sequence[MenuNumber]:
    """Return the numbers of menus, in order."""
    query = select(MenuNumber).where(MenuNumber.menu_id.in_(menu_ids))
    return (await session.scalars(query.order_by(MenuNumber.number))).all()


async def set_numbers(session: AsyncSession, menu: Menu, wanted: Collection[str]) -> None:
    """Give a menu its numbers. Raises `Conflict` for a number of another menu."""
    others = await session.scalars(
        select(MenuNumber.number).where(
            MenuNumber.account_id == menu.account_id,
            MenuNumber.number.in_(wanted),
            MenuNumber.menu_id != menu.id,
        )
    )
    if taken := sorted(others):
        raise Conflict(f"{taken[0]} belongs to another menu. Remove it there first.")
    known = {row.number: row for row in await numbers(session, [menu.id])}
    for number in sorted(known.keys() - set(wanted)):
        if known[number].set_up_at is not None:
            raise Conflict(f"{number} is set up at the provider. Take that back first.")
    gone = known.keys() - set(wanted)
    await session.execute(
        delete(MenuNumber).where(
            MenuNumber.account_id == menu.account_id, MenuNumber.number.in_(gone)
        )
    )
    for number in sorted(set(wanted) - known.keys()):
        session.add(MenuNumber(number=number, account_id=menu.account_id, menu_id=menu.id))
    await session.flush()


async def number_for_change(session: AsyncSession, menu: Menu, number: str) -> MenuNumber | None:
    """Return a number of a menu, locked."""
    query = select(MenuNumber).where(
        MenuNumber.account_id == menu.account_id,
        MenuNumber.menu_id == menu.id,
        MenuNumber.number == number,
    )
    return (await session.scalars(query.with_for_update())).one_or_none()


async def _one(session: AsyncSession, query: Select[Menu, MenuVersion]) -> MenuAt | None:
    row = (await session.execute(query)).one_or_none()
    return MenuAt(row[0], row[1]) if row else None
