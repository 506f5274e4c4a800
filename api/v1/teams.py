"""Teams of the account: managers who are in some see what is theirs, and not the whole account."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.app_state import SessionDep
from api.caller import AdminDep, CallerDep
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.shared import Cursor, Limit, Page, SlugPath, after_id, page_of
from api.schemas.teams import NewTeam, TeamChange, TeamOut
from api.scopes import needs
from domain.errors import Conflict, NameTaken, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services.configuring import teams

router = APIRouter(prefix="/teams", tags=["teams"], dependencies=[needs(Area.agents)])


@router.get("", responses=documented(NotAllowed))
async def list_teams(
    caller: CallerDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    retired: Annotated[bool, Query(description="Show retired ones too.")] = False,
) -> Page[TeamOut]:
    """List the account's teams. It is for managers."""
    found = await teams.listed(
        caller, session, after=after_id(cursor), limit=limit + 1, retired=retired
    )
    return page_of(found, limit, TeamOut.of, lambda one: [one.team.id])


@router.post("", status_code=201, responses=documented(NotAllowed, Conflict, NameTaken))
async def create_team(
    new: NewTeam, caller: AdminDep, session: SessionDep, once: OnceDep
) -> TeamOut:
    """Create a team. From then on its managers see what is theirs, and no more."""

    async def make() -> TeamOut:
        return TeamOut.of(await teams.create(caller, session, new.wanted))

    return await once.create(session, TeamOut, make)


@router.get("/{team_id}", responses=documented(NotAllowed, NotFound))
async def show_team(team_id: SlugPath, caller: CallerDep, session: SessionDep) -> TeamOut:
    """Show a team, retired or not. It is for managers."""
    return TeamOut.of(await teams.find(caller, session, team_id))


@router.patch("/{team_id}", responses=documented(NotAllowed, NotFound, Conflict, NameTaken))
async def change_team(
    team_id: SlugPath, change: TeamChange, caller: AdminDep, session: SessionDep
) -> TeamOut:
    """Change a team. Open pages of its managers follow at once."""
    return TeamOut.of(await teams.change(caller, session, team_id, change.wanted))


@router.delete("/{team_id}", status_code=204, responses=documented(NotAllowed, NotFound, Conflict))
async def retire_team(team_id: SlugPath, caller: AdminDep, session: SessionDep) -> None:
    """Retire a team. Managers who are in no other see the whole account again."""
    await teams.retire(caller, session, team_id)
