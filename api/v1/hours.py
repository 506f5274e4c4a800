"""Working hours of the account, and of skills that have their own."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import AdminDep, CallerDep
from api.clock import utc_now
from api.problems import documented
from api.schemas.hours import HoursIn, HoursOut
from api.schemas.shared import SlugPath
from api.scopes import needs
from domain.errors import Conflict, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services.configuring import hours

router = APIRouter(tags=["hours"], dependencies=[needs(Area.settings)])


@router.get("/hours")
async def show_hours(caller: CallerDep, session: SessionDep) -> HoursOut:
    """Show the account's working hours."""
    return HoursOut.of(await hours.show(caller, session), utc_now())


@router.put("/hours", responses=documented(NotAllowed))
async def set_hours(wanted: HoursIn, caller: AdminDep, session: SessionDep) -> HoursOut:
    """Replace the account's working hours. Overlapping and empty periods are refused.

    Open conversations keep the old hours until they are transferred.
    """
    return HoursOut.of(await hours.replace(caller, session, wanted.hours), utc_now())


@router.get("/skills/{skill_id}/hours", responses=documented(NotFound))
async def show_skill_hours(skill_id: SlugPath, caller: CallerDep, session: SessionDep) -> HoursOut:
    """Show a skill's working hours: its own, or the account's."""
    return HoursOut.of(await hours.show(caller, session, skill_id), utc_now())


@router.put("/skills/{skill_id}/hours", responses=documented(NotAllowed, NotFound, Conflict))
async def set_skill_hours(
    skill_id: SlugPath, wanted: HoursIn, caller: AdminDep, session: SessionDep
) -> HoursOut:
    """Give a skill working hours of its own, in the account's time zone."""
    return HoursOut.of(await hours.replace(caller, session, wanted.hours, skill_id), utc_now())


@router.delete(
    "/skills/{skill_id}/hours",
    status_code=204,
    responses=documented(NotAllowed, NotFound, Conflict),
)
async def follow_account_hours(skill_id: SlugPath, caller: AdminDep, session: SessionDep) -> None:
    """Make a skill follow the account's hours again."""
    await hours.follow_account(caller, session, skill_id)
