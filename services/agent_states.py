"""Agents' states: whether they take work, and how long they were in each state."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, agent_states, agents, away_reasons
from database.queries.agents import Working
from database.tables import Agent, AgentStatePeriod
from domain.people.roles import AgentState, Role
from domain.people.token_scopes import TokenScope
from domain.settings.allowed import check_setting
from services.caller import Caller
from services.clock import shared_now


async def set_state(
    caller: Caller, session: AsyncSession, agent_id: str, state: AgentState, reason: str | None
) -> Working:
    """Set whether an agent takes work: they themselves, or their manager does.

    Raises `NotAllowed`, `NotFound`, `Conflict` for a retired person, `Invalid` for a reason that
    the account does not have.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.agents_write)
    agent = await account_rows.find_active(session, Agent, caller.account_id, agent_id)
    _check_own_or_manager(caller, agent)
    await away_reasons.check(session, agent.account_id, state, reason)
    by = _colleague(caller, agent)
    await agent_states.set_state(session, agent, state, reason, await shared_now(session), by=by)
    return (await agents.working(session, [agent]))[0]


async def set_capacity(
    caller: Caller, session: AsyncSession, agent_id: str, capacity: int | None
) -> Working:
    """Set how many conversations an agent has at once, for managers; None: the account's default.

    The agent is told. Raises `NotAllowed`, `NotFound`, `Conflict` for a retired person, `Invalid`.
    """
    caller.require_person(agent_id)
    caller.require_scope(TokenScope.agents_write)
    check_setting("capacity", capacity)
    agent = await account_rows.find_active(session, Agent, caller.account_id, agent_id)
    by = caller.person.agent_id if caller.person else None
    await agent_states.set_capacity(session, agent, capacity, await shared_now(session), by)
    return (await agents.working(session, [agent]))[0]


async def list_states(
    caller: Caller, session: AsyncSession, agent_id: str, *, before: int | None, limit: int
) -> Sequence[AgentStatePeriod]:
    """Return the states an agent was in, the present one first. Raises `NotAllowed`."""
    caller.require(Role.agent)
    agent = await account_rows.find(session, Agent, caller.account_id, agent_id)
    _check_own_or_manager(caller, agent)
    return await agent_states.periods(session, agent.id, before=before, limit=limit)


def _colleague(caller: Caller, agent: Agent) -> str | None:
    """Return who changes something for somebody else, None for the agent themself."""
    by = caller.person.agent_id if caller.person else None
    return by if by != agent.id else None


def _check_own_or_manager(caller: Caller, agent: Agent) -> None:
    is_self = caller.person is not None and caller.person.agent_id == agent.id
    if not is_self:
        caller.require_person(agent.id)
