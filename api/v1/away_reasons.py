"""The account's reasons for agents to be away."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import AdminDep, CallerDep
from api.problems import documented
from api.schemas.people import AwayReasons
from api.scopes import needs
from domain.errors import NotAllowed
from domain.people.token_scopes import Area
from services.configuring import away_reasons

router = APIRouter(prefix="/away-reasons", tags=["agents"], dependencies=[needs(Area.settings)])


@router.get("")
async def list_away_reasons(caller: CallerDep, session: SessionDep) -> AwayReasons:
    """Show the reasons agents choose from."""
    return AwayReasons(reasons=list(await away_reasons.listed(caller, session)))


@router.put("", responses=documented(NotAllowed))
async def set_away_reasons(
    wanted: AwayReasons, caller: AdminDep, session: SessionDep
) -> AwayReasons:
    """Replace the reasons, 10 at most. Agents who are away for an old one stay away."""
    await away_reasons.replace(caller, session, wanted.reasons)
    return wanted
