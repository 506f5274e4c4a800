"""Where a conversation may be transferred to, and who is free there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, agents, queues, skills, staffing
from database.queries.agents import Working
from database.queries.queues import QueueSummary
from database.tables import Agent, Skill
from domain.people.roles import AgentState
from domain.routing.matching import Candidate
from domain.settings.kinds import TransferTargets
from services.caller import Caller
from services.clock import utc_now
from services.looking.conversations import find_conversation


@dataclass(frozen=True)
class SkillTarget:
    """A skill to transfer to: its agents, those online and free, and the conversations waiting."""

    id: str
    name: str
    holders: int
    online: int
    free: int
    waiting: int


@dataclass(frozen=True)
class AgentTarget:
    """An agent to transfer to. `free_slots`: how much more they would get now; None: not online."""

    id: str
    name: str
    state: AgentState
    reason: str | None
    load: float
    capacity: int
    free_slots: int | None


@dataclass(frozen=True)
class Targets:
    """Transfer targets, the agents with free slots first."""

    skills: Sequence[SkillTarget]
    agents: Sequence[AgentTarget]


async def list_targets(caller: Caller, session: AsyncSession, conversation_id: UUID) -> Targets:
    """Return the transfer targets of a conversation. Raises `NotFound`."""
    shown = await find_conversation(caller, session, conversation_id)
    conversation, account_id, now = shown.conversation, caller.account_id, utc_now()
    people = await agents.working(session, await account_rows.listed(session, Agent, account_id))
    logged_in = (await staffing.load_staffing(session, account_id, now)).agents
    allowed = await _allowed(session, account_id, conversation.skill_id)
    standings = await queues.queue_summaries(session, account_id, now)
    return Targets(
        skills=[_to_skill(one, people, logged_in) for one in standings if one.skill_id in allowed],
        agents=_to_agents(people, logged_in, conversation.agent_id),
    )


async def _allowed(session: AsyncSession, account_id: str, skill_id: str | None) -> Collection[str]:
    """Return the skills to which this skill's conversations may go."""
    every = {row.id for row in await account_rows.listed(session, Skill, account_id)} - {skill_id}
    if skill_id is None:
        return every
    skill = await account_rows.find(session, Skill, account_id, skill_id)
    match TransferTargets(skill.transfer_targets):
        case TransferTargets.all:
            return every
        case TransferTargets.none:
            return ()
        case TransferTargets.listed:
            return every & set((await skills.targets(session, [skill.id]))[skill.id])


def _to_skill(
    standing: QueueSummary, people: Sequence[Working], logged_in: Sequence[Candidate]
) -> SkillTarget:
    holding = [one for one in logged_in if standing.skill_id in one.skills]
    return SkillTarget(
        id=standing.skill_id,
        name=standing.name,
        holders=sum(standing.skill_id in one.skills for one in people),
        online=sum(one.is_online for one in holding),
        free=sum(one.has_room for one in holding),
        waiting=standing.waiting,
    )


def _to_agents(
    people: Sequence[Working], logged_in: Sequence[Candidate], holder_id: str | None
) -> list[AgentTarget]:
    by_id = {one.agent_id: one for one in logged_in}
    others = [one for one in people if one.agent.id != holder_id]
    found = [_to_agent(one, by_id.get(one.agent.id)) for one in others]
    return sorted(found, key=lambda one: (-(one.free_slots or 0), one.free_slots is None, one.name))


def _to_agent(working: Working, candidate: Candidate | None) -> AgentTarget:
    agent = working.agent
    is_online = candidate is not None and candidate.is_online
    return AgentTarget(
        id=agent.id,
        name=agent.name,
        state=AgentState(agent.state),
        reason=agent.state_reason,
        load=candidate.load if candidate else working.load,
        capacity=candidate.capacity if candidate else agent.capacity or 0,
        free_slots=candidate.free_slots if candidate and is_online else None,
    )
