"""Who would get a text now, without sending one."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import CallerDep
from api.problems import documented
from api.schemas.routing import DryRunIn, DryRunOut
from api.scopes import needs
from domain.errors import Conflict, NotAllowed, NotFound, NumberInvalid
from domain.people.token_scopes import Area
from services.looking import dry_run

router = APIRouter(prefix="/routing", tags=["routing"], dependencies=[needs(Area.settings)])


@router.post(
    "/dry-run",
    responses=documented(NotAllowed, NotFound, Conflict, NumberInvalid),
    dependencies=[needs(Area.settings, "read")],
)
async def try_routing(wanted: DryRunIn, caller: CallerDep, session: SessionDep) -> DryRunOut:
    """Show who would get a text from a number to a line now, and why. Nothing is sent."""
    found = await dry_run.try_routing(caller, session, wanted.line, wanted.number, wanted.text)
    return DryRunOut.model_validate(found)
