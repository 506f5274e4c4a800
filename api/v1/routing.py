"""Who would get a text now."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import ManagerDep
from api.clock import utc_now
from api.problems import documented
from api.schemas.routing import DryRunIn, DryRunOut
from database.queries import account_rows
from database.queries.dry_run import dry_run
from database.tables import Line
from domain.errors import Conflict, NotAllowed, NotFound, NumberInvalid
from domain.numbers.phone_numbers import phone_of

router = APIRouter(prefix="/routing", tags=["routing"])


@router.post("/dry-run", responses=documented(NotAllowed, NotFound, Conflict, NumberInvalid))
async def try_routing(wanted: DryRunIn, caller: ManagerDep, session: SessionDep) -> DryRunOut:
    """Say who would get a text to a line from a number now, and why. Nothing happens."""
    phone = phone_of(wanted.number).key
    line = await account_rows.find_active(session, Line, caller.account_id, wanted.line)
    found = await dry_run(session, caller.account_id, line.id, phone, wanted.text, utc_now())
    return DryRunOut.model_validate(found)
