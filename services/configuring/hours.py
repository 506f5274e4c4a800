"""Working hours of the account, and of skills that have their own."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, accounts, hours
from database.tables import Skill
from domain.hours.calendars import Calendar, Period, SpecialHours
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.settings.resolution import resolve
from domain.settings.scope import Origin
from services.caller import Caller


@dataclass(frozen=True)
class NewHours:
    """Hours in the account's time zone: seven days from Monday, and days that differ."""

    week: Sequence[Sequence[Period]]
    special: Sequence[SpecialHours] = ()

    def calendar(self, zone: str) -> Calendar:
        return Calendar(zone, tuple(map(tuple, self.week)), tuple(self.special))


@dataclass(frozen=True)
class WorkingHours:
    """Hours that apply. `is_own`: False for a skill that follows the account."""

    calendar: Calendar
    is_own: bool


async def show(caller: Caller, session: AsyncSession, skill_id: str | None = None) -> WorkingHours:
    """Return a skill's hours, or the account's without a skill. Raises `NotFound`."""
    caller.require(Role.agent)
    if skill_id is None:
        return WorkingHours(await hours.load(session, caller.account_id, None), is_own=True)
    skill = await account_rows.find(session, Skill, caller.account_id, skill_id)
    account = await accounts.find(session, caller.account_id)
    held = resolve(await hours.set_for(session, account, skill), Calendar())
    return WorkingHours(held.value, is_own=held.origin is Origin.skill)


async def replace(
    caller: Caller, session: AsyncSession, new: NewHours, skill_id: str | None = None
) -> WorkingHours:
    """Replace the account's hours, or give a skill hours of its own.

    Open conversations keep the old hours until they are transferred. Raises `Invalid` for
    periods that overlap or are empty; `NotFound`, `Conflict` for a skill that does not exist.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    skill = None
    if skill_id is not None:
        skill = await account_rows.find_active(session, Skill, caller.account_id, skill_id)
    account = await accounts.find(session, caller.account_id)
    calendar = new.calendar(account.time_zone)
    await hours.save(session, account.id, skill_id, calendar)
    if skill:
        skill.has_own_hours = True
    return WorkingHours(calendar, is_own=True)


async def add_special(
    caller: Caller,
    session: AsyncSession,
    days: Sequence[SpecialHours],
    skill_id: str | None = None,
) -> int:
    """Add special days to the hours that are set; a date that has hours already keeps them.

    Returns how many were added. Raises what `replace` raises.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    await accounts.take_turn(session, caller.account_id)
    held = (await show(caller, session, skill_id)).calendar
    known = {one.day for one in held.special}
    new = [one for one in days if one.day not in known]
    special = sorted([*held.special, *new], key=lambda one: one.day)
    await replace(caller, session, NewHours(held.week, special), skill_id)
    return len(new)


async def follow_account(caller: Caller, session: AsyncSession, skill_id: str) -> None:
    """Make a skill follow the account's hours again. Raises `NotFound`, `Conflict`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    skill = await account_rows.find_active(session, Skill, caller.account_id, skill_id)
    await hours.clear(session, caller.account_id, skill.id)
    skill.has_own_hours = False
