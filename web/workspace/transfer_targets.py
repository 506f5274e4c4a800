"""What the transfer dialog shows: to whom a conversation may go, and who is free there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.clock import utc_now
from api.schemas.conversations import ConversationOut
from api.schemas.people import AgentOut
from database.queries import account_rows, agents, conversations, queues, skills, staffing
from database.queries.queues import QueueSummary
from database.tables import Agent, Skill
from domain.people.roles import AgentState
from domain.routing.matching import Candidate
from domain.settings.kinds import TransferTargets
from web.workspace.workspace import Worker


@dataclass(frozen=True)
class ToSkill:
    """A skill to transfer to: how many hold it, are online, have room, and what waits there."""

    id: str
    name: str
    holders: int
    online: int
    free: int
    waiting: int


@dataclass(frozen=True)
class ToAgent:
    """An agent to transfer to. `places`: how much more they would get now; None: not online."""

    id: str
    name: str
    state: AgentState
    reason: str | None
    load: float
    capacity: int
    places: int | None


@dataclass(frozen=True)
class TransferChoices:
    """Who may get a conversation; the ones with room first."""

    skills: Sequence[ToSkill]
    agents: Sequence[ToAgent]


async def targets(session: AsyncSession, worker: Worker, conversation_id: UUID) -> TransferChoices:
    """Return to whom a conversation may be transferred. Raises `NotFound`."""
    viewer, account_id = worker.caller.viewer, worker.caller.account_id
    shown = await conversations.find(session, viewer, conversation_id)
    conversation, now = ConversationOut.of(shown), utc_now()
    rows = await account_rows.listed(session, Agent, account_id)
    people = [AgentOut.of(each) for each in await agents.working(session, rows)]
    there = await staffing.load_floor(session, account_id, now)
    allowed = await _allowed(session, account_id, conversation.skill_id)
    standings = await queues.standings(session, account_id, now)
    return TransferChoices(
        skills=[
            _to_skill(one, people, there.agents) for one in standings if one.skill_id in allowed
        ],
        agents=_to_agents(people, there.agents, conversation.agent_id),
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
    standing: QueueSummary, people: Sequence[AgentOut], there: Sequence[Candidate]
) -> ToSkill:
    holding = [one for one in there if standing.skill_id in one.skills]
    return ToSkill(
        id=standing.skill_id,
        name=standing.name,
        holders=sum(standing.skill_id in one.skills for one in people),
        online=sum(one.is_online for one in holding),
        free=sum(one.has_room for one in holding),
        waiting=standing.waiting,
    )


def _to_agents(
    people: Sequence[AgentOut], there: Sequence[Candidate], holder_id: str | None
) -> list[ToAgent]:
    by_id = {one.agent_id: one for one in there}
    found = [_to_agent(one, by_id.get(one.id)) for one in people if one.id != holder_id]
    return sorted(found, key=lambda one: (-(one.places or 0), one.places is None, one.name))


def _to_agent(agent: AgentOut, candidate: Candidate | None) -> ToAgent:
    is_online = candidate is not None and candidate.is_online
    return ToAgent(
        id=agent.id,
        name=agent.name,
        state=agent.state,
        reason=agent.state_reason,
        load=candidate.load if candidate else agent.load,
        capacity=candidate.capacity if candidate else agent.capacity or 0,
        places=candidate.places if candidate and is_online else None,
    )
