"""Working hours of accounts, and of skills with hours of their own."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Account, HoursVersion, Skill, SpecialDay, WorkingPeriod
from domain.hours import calendars
from domain.hours.calendars import Calendar, Period, SpecialHours
from domain.hours.written import written
from domain.settings.resolution import Setting, Source
from domain.settings.scope import Scope


async def set_for(
    session: AsyncSession, account: Account, skill: Skill | None = None
) -> list[Setting[Calendar]]:
    """Return the hours of an account, and a skill's own hours if it has any."""
    of = {Scope(): await _load(session, account.id, account.time_zone, None)}
    if skill is not None and skill.has_own_hours:
        of[Scope(skill_id=skill.id)] = await _load(session, account.id, account.time_zone, skill.id)
    return [Setting(calendar, Source.of(scope)) for scope, calendar in of.items()]


async def load(session: AsyncSession, account_id: str, skill_id: str | None) -> Calendar:
    """Return the hours set for an account (None) or for one of its skills."""
    zone = await session.scalar(select(Account.time_zone).where(Account.id == account_id))
    return await _load(session, account_id, zone or "UTC", skill_id)


async def _load(
    session: AsyncSession, account_id: str, zone: str, skill_id: str | None
) -> Calendar:
    periods = await session.scalars(
        select(WorkingPeriod)
        .where(
            WorkingPeriod.account_id == account_id,
            WorkingPeriod.skill_id == skill_id,
        )
        .order_by(WorkingPeriod.weekday, WorkingPeriod.opens_minute)
    )
    special = await session.scalars(
        select(SpecialDay)
        .where(SpecialDay.account_id == account_id, SpecialDay.skill_id == skill_id)
        .order_by(SpecialDay.day)
    )
    return Calendar(zone=zone, week=_week(periods.all()), special=tuple(map(_special, special)))


def _week(rows: Sequence[WorkingPeriod]) -> tuple[tuple[Period, ...], ...]:
    return tuple(
        tuple(Period(row.opens_minute, row.closes_minute) for row in rows if row.weekday == day)
        for day in range(7)
    )


def _special(row: SpecialDay) -> SpecialHours:
    periods = tuple(Period(opens, closes) for opens, closes in row.periods)
    return SpecialHours(day=row.day, periods=periods, name=row.name)


async def save(
    session: AsyncSession, account_id: str, skill_id: str | None, calendar: Calendar
) -> None:
    """Replace the hours of an account (None) or of one of its skills. Raises `Invalid`."""
    calendars.check(calendar)
    await _delete(session, account_id, skill_id)
    _keep_version(session, account_id, skill_id, calendar)
    session.add_all(
        WorkingPeriod(
            account_id=account_id,
            skill_id=skill_id,
            weekday=weekday,
            opens_minute=period.opens,
            closes_minute=period.closes,
        )
        for weekday, periods in enumerate(calendar.week)
        for period in periods
    )
    session.add_all(
        SpecialDay(
            account_id=account_id,
            skill_id=skill_id,
            day=special.day,
            name=special.name,
            periods=[[period.opens, period.closes] for period in special.periods],
        )
        for special in calendar.special
    )
    await session.flush()


async def clear(session: AsyncSession, account_id: str, skill_id: str | None) -> None:
    """Delete the hours of an account (None), or let one of its skills follow the account's."""
    await _delete(session, account_id, skill_id)
    _keep_version(session, account_id, skill_id, Calendar() if skill_id is None else None)


async def moved_to_zone(session: AsyncSession, account: Account) -> None:
    """Keep what hours mean from now on: those of an account are in its time zone."""
    own = select(Skill.id).where(Skill.account_id == account.id, Skill.has_own_hours)
    for skill_id in [None, *await session.scalars(own)]:
        calendar = await _load(session, account.id, account.time_zone, skill_id)
        _keep_version(session, account.id, skill_id, calendar)


def _keep_version(
    session: AsyncSession, account_id: str, skill_id: str | None, calendar: Calendar | None
) -> None:
    kept = None if calendar is None else written(calendar)
    session.add(HoursVersion(account_id=account_id, skill_id=skill_id, calendar=kept))


async def _delete(session: AsyncSession, account_id: str, skill_id: str | None) -> None:
    for table in (WorkingPeriod, SpecialDay):
        await session.execute(
            delete(table).where(
                table.account_id == account_id, table.skill_id.is_not_distinct_from(skill_id)
            )
        )
