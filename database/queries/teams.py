"""Teams with their skills and people."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from database.queries import skills
from database.tables import Agent, Skill, Team, TeamMember, TeamSkill
from domain.errors import Invalid, NameTaken


@dataclass(frozen=True)
class TeamShown:
    """A team with the ids of its skills and people, without those that are retired."""

    team: Team
    skills: Sequence[str]
    people: Sequence[str]


async def shown(session: AsyncSession, teams: Sequence[Team]) -> list[TeamShown]:
    """Return teams with their skills and people, in the order given."""
    ids = [team.id for team in teams]
    of_skills = await _by_team(session, TeamSkill, TeamSkill.skill_id, Skill, ids)
    of_people = await _by_team(session, TeamMember, TeamMember.agent_id, Agent, ids)
    return [TeamShown(team, of_skills[team.id], of_people[team.id]) for team in teams]


async def _by_team(
    session: AsyncSession,
    link: type[TeamSkill] | type[TeamMember],
    linked: InstrumentedAttribute[str],
    table: type[Skill] | type[Agent],
    team_ids: Sequence[str],
) -> Mapping[str, list[str]]:
    """Return the ids of what teams have and is not retired, by name."""
    query = (
        select(link.team_id, table.id)
        .join(table, table.id == linked)
        .where(link.team_id.in_(team_ids), table.retired_at.is_(None))
        .order_by(table.name, table.id)
    )
    found: dict[str, list[str]] = {team_id: [] for team_id in team_ids}
    for team_id, row_id in await session.execute(query):
        found[team_id].append(row_id)
    return found


async def check_name_free(session: AsyncSession, team: Team, name: str) -> None:
    """Raise `NameTaken` when another team of the account has this name, in any case."""
    query = select(Team.id).where(
        Team.account_id == team.account_id,
        Team.id != team.id,
        Team.retired_at.is_(None),
        func.lower(Team.name) == func.lower(name),
    )
    if await session.scalar(query) is not None:
        raise NameTaken(f"There is a team {name} already.")


async def set_skills(session: AsyncSession, team: Team, skill_ids: Collection[str]) -> None:
    """Give a team exactly these skills of the account. Raises `Invalid` for unknown ones."""
    wanted = set(skill_ids)
    await skills.check_known(session, team.account_id, sorted(wanted))
    gone = delete(TeamSkill).where(TeamSkill.team_id == team.id, TeamSkill.skill_id.not_in(wanted))
    await session.execute(gone)
    kept = set(
        await session.scalars(select(TeamSkill.skill_id).where(TeamSkill.team_id == team.id))
    )
    new = [{"team_id": team.id, "skill_id": one} for one in sorted(wanted - kept)]
    if new:
        await session.execute(insert(TeamSkill), new)


async def set_people(session: AsyncSession, team: Team, agent_ids: Collection[str]) -> None:
    """Have exactly these people of the account in a team. Raises `Invalid` for unknown ones.

    Those who were retired stay: what they did is still of the team.
    """
    wanted = set(agent_ids)
    await _check_people(session, team, wanted)
    active = select(Agent.id).where(Agent.account_id == team.account_id, Agent.retired_at.is_(None))
    gone = delete(TeamMember).where(
        TeamMember.team_id == team.id,
        TeamMember.agent_id.not_in(wanted),
        TeamMember.agent_id.in_(active),
    )
    await session.execute(gone)
    kept = set(
        await session.scalars(select(TeamMember.agent_id).where(TeamMember.team_id == team.id))
    )
    new = [{"team_id": team.id, "agent_id": one} for one in sorted(wanted - kept)]
    if new:
        await session.execute(insert(TeamMember), new)


async def empty(session: AsyncSession, team: Team) -> None:
    """Take all skills and people from a team."""
    for table in (TeamSkill, TeamMember):
        await session.execute(delete(table).where(table.team_id == team.id))


async def _check_people(session: AsyncSession, team: Team, wanted: Collection[str]) -> None:
    query = select(Agent.id).where(
        Agent.id.in_(wanted), Agent.account_id == team.account_id, Agent.retired_at.is_(None)
    )
    if unknown := set(wanted) - set(await session.scalars(query)):
        raise Invalid(f"There is no agent {min(unknown)}.")
