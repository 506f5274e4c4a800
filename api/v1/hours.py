"""Working hours of the account, and of skills that have their own."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import AdminDep, CallerDep
from api.clock import utc_now
from api.problems import documented
from api.schemas.hours import HoursIn, HoursOut, SpecialDayText, Week
from api.schemas.shared import SlugPath
from database.queries import account_rows, accounts, hours
from database.tables import Skill
from domain.errors import Conflict, NotAllowed, NotFound
from domain.hours import calendars
from domain.hours.calendars import Calendar
from domain.settings.resolution import resolve
from domain.settings.scope import Origin

router = APIRouter(tags=["hours"])


@router.get("/hours")
async def show_hours(caller: CallerDep, session: SessionDep) -> HoursOut:
    """Show the account's working hours."""
    return _shown(await hours.load(session, caller.account_id, None), is_own=True)


@router.put("/hours", responses=documented(NotAllowed))
async def set_hours(wanted: HoursIn, caller: AdminDep, session: SessionDep) -> HoursOut:
    """Replace the account's working hours. Overlapping and empty periods are refused.

    Open conversations keep the hours they know until they are transferred.
    """
    account = await accounts.find(session, caller.account_id)
    calendar = wanted.calendar(account.time_zone)
    await hours.save(session, account.id, None, calendar)
    return _shown(calendar, is_own=True)


@router.get("/skills/{skill_id}/hours", responses=documented(NotFound))
async def show_skill_hours(skill_id: SlugPath, caller: CallerDep, session: SessionDep) -> HoursOut:
    """Show the working hours that hold for a skill: its own, or the account's."""
    skill = await account_rows.find(session, Skill, caller.account_id, skill_id)
    account = await accounts.find(session, caller.account_id)
    held = resolve(await hours.set_for(session, account, skill), Calendar())
    return _shown(held.value, is_own=held.origin is Origin.skill)


@router.put("/skills/{skill_id}/hours", responses=documented(NotAllowed, NotFound, Conflict))
async def set_skill_hours(
    skill_id: SlugPath, wanted: HoursIn, caller: AdminDep, session: SessionDep
) -> HoursOut:
    """Give a skill working hours of its own, in the account's time zone."""
    skill = await account_rows.find_active(session, Skill, caller.account_id, skill_id)
    account = await accounts.find(session, caller.account_id)
    calendar = wanted.calendar(account.time_zone)
    await hours.save(session, account.id, skill.id, calendar)
    skill.has_own_hours = True
    return _shown(calendar, is_own=True)


@router.delete(
    "/skills/{skill_id}/hours",
    status_code=204,
    responses=documented(NotAllowed, NotFound, Conflict),
)
async def follow_account(skill_id: SlugPath, caller: AdminDep, session: SessionDep) -> None:
    """Let a skill follow the account's hours again."""
    skill = await account_rows.find_active(session, Skill, caller.account_id, skill_id)
    await hours.clear(session, caller.account_id, skill.id)
    skill.has_own_hours = False


def _shown(calendar: Calendar, *, is_own: bool) -> HoursOut:
    now = utc_now()
    known = calendars.open_hours(calendar, now)
    return HoursOut(
        time_zone=calendar.zone,
        is_own=is_own,
        week=Week.of(calendar.week),
        special_days=[SpecialDayText.of(one) for one in calendar.special],
        is_open=known.is_open(now),
        next_open_at=known.next_open(now),
    )
