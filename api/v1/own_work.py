"""What the person who calls, or for whom a program calls, has to do now."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import CallerDep
from api.problems import documented
from api.schemas.board import OwnWorkOut
from api.scopes import needs
from domain.people.token_scopes import Area
from services.errors import NobodyActs
from services.looking import conversations as looking
from services.looking import workspace

router = APIRouter(prefix="/me", tags=["agents"], dependencies=[needs(Area.conversations)])


@router.get("/work", responses=documented(NobodyActs))
async def show_own_work(caller: CallerDep, session: SessionDep) -> OwnWorkOut:
    """Show your work: how many conversations you have, those offered to you, the latest ratings."""
    day = await workspace.own_day(caller, session)
    counts = await workspace.count_open(caller, session)
    own = await workspace.own_open(caller, session)
    return OwnWorkOut.of(day, counts, own, await looking.list_offered(caller, session))
