"""What rows of reports are called."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Agent, Label, Line, Skill, Source, Team, TeamMember
from domain.origins.kinds import OriginKind
from domain.reporting.kinds import SplitBy
from domain.reporting.sources import source_of

Named = type[Agent] | type[Label] | type[Line] | type[Skill] | type[Source] | type[Team]
TABLES: Mapping[SplitBy, Named] = {
    SplitBy.skill: Skill,
    SplitBy.agent: Agent,
    SplitBy.team: Team,
    SplitBy.line: Line,
    SplitBy.source: Source,
    SplitBy.label: Label,
}


async def of(session: AsyncSession, account_id: str, by: SplitBy) -> Mapping[str, str]:
    """Return the names of what a report is told apart by, retired ones too; none for times."""
    table = TABLES.get(by)
    if table is None:
        return {}
    query = select(table.id, table.name).where(table.account_id == account_id)
    found = {row.id: row.name for row in await session.execute(query)}
    if by is SplitBy.source:
        return {source_of(OriginKind.source, key): name for key, name in found.items()}
    return found


async def members(session: AsyncSession, account_id: str) -> Mapping[str, Collection[str]]:
    """Return the people of each team of an account."""
    query = (
        select(TeamMember.team_id, TeamMember.agent_id)
        .join(Team, Team.id == TeamMember.team_id)
        .where(Team.account_id == account_id)
    )
    found: dict[str, list[str]] = {}
    for team_id, agent_id in await session.execute(query):
        found.setdefault(team_id, []).append(agent_id)
    return found
