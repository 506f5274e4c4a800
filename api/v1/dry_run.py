"""Who would get a text now."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import CallerDep
from api.problems import documented
from api.schemas.routing import DryRunIn, DryRunOut
from domain.errors import Conflict, NotAllowed, NotFound, NumberInvalid
from services.looking import dry_run

router = APIRouter(prefix="/routing", tags=["routing"])


@router.post("/dry-run", responses=documented(NotAllowed, NotFound, Conflict, NumberInvalid))
async def try_routing(wanted: DryRunIn, caller: CallerDep, session: SessionDep) -> DryRunOut:
    """Say who would get a text to a line from a number now, and why. Nothing happens."""
    found = await dry_run.try_routing(caller, session, wanted.line, wanted.number, wanted.text)
    return DryRunOut.model_validate(found)
