"""Teams: managers who are in teams see and handle what is theirs, and not the whole account."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, accounts, proofs, teams
from database.queries.teams import TeamShown
from database.tables import Team
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.settings.allowed import check_setting
from services.caller import Caller
from services.changes import UNCHANGED, Change, Unchanged
from services.clock import utc_now


@dataclass(frozen=True)
class NewTeam:
    """A team to add. Without an id, the name makes one."""

    name: str
    skills: Sequence[str] = ()
    people: Sequence[str] = ()
    id: str | None = None


@dataclass(frozen=True)
class TeamChange(Change):
    name: str | Unchanged = UNCHANGED
    skills: Sequence[str] | Unchanged = UNCHANGED
    people: Sequence[str] | Unchanged = UNCHANGED


async def listed(
    caller: Caller,
    session: AsyncSession,
    *,
    after: str | None = None,
    limit: int | None = None,
    retired: bool = False,
) -> list[TeamShown]:
    """Return the account's teams, after the id `after`. It is for managers."""
    caller.require(Role.manager)
    rows = await account_rows.listed(
        session, Team, caller.account_id, after=after, limit=limit, retired=retired
    )
    return await teams.shown(session, rows)


async def find(caller: Caller, session: AsyncSession, team_id: str) -> TeamShown:
    """Return a team, retired or not. Raises `NotFound`."""
    caller.require(Role.manager)
    team = await account_rows.find(session, Team, caller.account_id, team_id)
    return (await teams.shown(session, [team]))[0]


async def create(caller: Caller, session: AsyncSession, new: NewTeam) -> TeamShown:
    """Create a team. From then on its managers see what is theirs, and no more.

    Raises `Invalid` for an unfit name or id and unknown skills and people, `NameTaken`, `Conflict`.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.agents_write)
    check_setting("name", new.name)
    await accounts.take_turn(session, caller.account_id)
    team = Team(
        id=await account_rows.new_id(session, Team, caller.account_id, new.name, new.id),
        account_id=caller.account_id,
        name=new.name,
    )
    await teams.check_name_free(session, team, new.name)
    session.add(team)
    await session.flush()
    await session.refresh(team)
    return await _filled(session, team, TeamChange(skills=new.skills, people=new.people))


async def change(
    caller: Caller, session: AsyncSession, team_id: str, wanted: TeamChange
) -> TeamShown:
    """Change a team; open pages of its managers follow. Raises what `create` raises, `NotFound`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.agents_write)
    await accounts.take_turn(session, caller.account_id)
    team = await account_rows.find_active(session, Team, caller.account_id, team_id)
    if wanted.name is not UNCHANGED:
        await teams.check_name_free(session, team, wanted.name)
    wanted.apply(team, but=["skills", "people"])
    await session.flush()
    return await _filled(session, team, wanted)


async def retire(caller: Caller, session: AsyncSession, team_id: str) -> None:
    """Retire a team. Managers who are in no other see the whole account again.

    Raises `NotFound`, `Conflict`.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.agents_write)
    team = await account_rows.find_active(session, Team, caller.account_id, team_id)
    await teams.empty(session, team)
    await proofs.changed(session, team.account_id)
    account_rows.retire(team, utc_now())


async def _filled(session: AsyncSession, team: Team, wanted: TeamChange) -> TeamShown:
    if wanted.skills is not UNCHANGED:
        await teams.set_skills(session, team, wanted.skills)
    if wanted.people is not UNCHANGED:
        await teams.set_people(session, team, wanted.people)
    await proofs.changed(session, team.account_id)
    return (await teams.shown(session, [team]))[0]
