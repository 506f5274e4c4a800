"""Exports that are made again and again."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import AdminDep
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.exports import ExportScheduleOut
from api.schemas.shared import UuidPath
from api.scopes import needs
from domain.errors import Conflict, Invalid, NotAllowed, NotFound, NumberInvalid
from domain.people.token_scopes import Area
from services.exporting import schedules
from services.exporting.schedules import NewSchedule, ScheduleChange

router = APIRouter(
    prefix="/export-schedules",
    tags=["exports"],
    responses=documented(NotAllowed),
    dependencies=[needs(Area.exports)],
)


@router.post("", status_code=201, responses=documented(Conflict, Invalid, NotFound, NumberInvalid))
async def create_export_schedule(
    new: NewSchedule, caller: AdminDep, session: SessionDep, once: OnceDep
) -> ExportScheduleOut:
    """Have an export made by day, week or month, by the account's clock.

    After an outage of up to ten days each missed run is made, once.
    """

    async def make() -> ExportScheduleOut:
        return ExportScheduleOut.shown(caller, await schedules.create(caller, session, new))

    return await once.create(session, ExportScheduleOut, make)


@router.get("")
async def list_export_schedules(caller: AdminDep, session: SessionDep) -> list[ExportScheduleOut]:
    """List them, the oldest first; there are 20 at most."""
    found = await schedules.listed(caller, session)
    return [ExportScheduleOut.shown(caller, one) for one in found]


@router.get("/{schedule_id}", responses=documented(NotFound))
async def show_export_schedule(
    schedule_id: UuidPath, caller: AdminDep, session: SessionDep
) -> ExportScheduleOut:
    """Show one, with why its last run failed."""
    return ExportScheduleOut.shown(caller, await schedules.find(caller, session, schedule_id))


@router.patch("/{schedule_id}", responses=documented(Conflict, Invalid, NotFound, NumberInvalid))
async def change_export_schedule(
    schedule_id: UuidPath, change: ScheduleChange, caller: AdminDep, session: SessionDep
) -> ExportScheduleOut:
    """Change one, pause it, or let it go on. What is being made is finished as it began."""
    changed = await schedules.change(caller, session, schedule_id, change)
    return ExportScheduleOut.shown(caller, changed)


@router.delete("/{schedule_id}", status_code=204, responses=documented(NotFound))
async def retire_export_schedule(
    schedule_id: UuidPath, caller: AdminDep, session: SessionDep
) -> None:
    """Retire one. What is being made for it is cancelled; its files stay."""
    await schedules.retire(caller, session, schedule_id)
