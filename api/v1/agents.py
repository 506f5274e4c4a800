"""Agents: people of the account, what they can do, and whether they take work now."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.app_state import AppStateDep, SessionDep
from api.caller import AdminDep, CallerDep
from api.clock import utc_now
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.people import AgentChange, AgentOut, NewAgent, StateChange, StatePeriodOut
from api.schemas.shared import (
    Cursor,
    Limit,
    Page,
    SlugPath,
    after_id,
    after_number,
    page_of,
    sent,
)
from database.queries import account_rows, agent_states, agents, away_reasons, sessions
from database.tables import Agent
from domain.errors import Conflict, NotAllowed, NotFound
from domain.people.passwords import check_password
from domain.people.roles import AgentState, Role
from services.caller import Caller

router = APIRouter(prefix="/agents", tags=["agents"])


@router.get("")
async def list_agents(
    caller: CallerDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    retired: Annotated[bool, Query(description="Show retired ones too.")] = False,
) -> Page[AgentOut]:
    """List the account's people with their state and load."""
    rows = await account_rows.listed(
        session,
        Agent,
        caller.account_id,
        after=after_id(cursor),
        limit=limit + 1,
        retired=retired,
    )
    working = await agents.working(session, rows)
    return page_of(working, limit, AgentOut.of, lambda row: [row.agent.id])


@router.post("", status_code=201, responses=documented(NotAllowed, Conflict))
async def create_agent(
    new: NewAgent, caller: AdminDep, parts: AppStateDep, session: SessionDep, once: OnceDep
) -> AgentOut:
    """Add a person; they begin offline."""

    async def make() -> AgentOut:
        await agents.check_email_free(session, caller.account_id, new.email)
        password = new.password.get_secret_value()
        check_password(password, new.email, new.name)
        agent = Agent(
            id=await account_rows.new_id(session, Agent, caller.account_id, new.name, new.id),
            account_id=caller.account_id,
            name=new.name,
            email=new.email,
            password_hash=await parts.passwords.hash(password),
            role=str(new.role),
            state=str(AgentState.offline),
            state_since=utc_now(),
            capacity=new.capacity,
            may_pick=new.may_pick,
        )
        session.add(agent)
        await session.flush()
        await agents.set_skills(session, agent, new.skills)
        return await _shown(session, agent)

    return await once.create(session, AgentOut, make)


@router.get("/{agent_id}", responses=documented(NotFound))
async def show_agent(agent_id: SlugPath, caller: CallerDep, session: SessionDep) -> AgentOut:
    """Show a person, retired or not."""
    return await _shown(
        session, await account_rows.find(session, Agent, caller.account_id, agent_id)
    )


@router.patch("/{agent_id}", responses=documented(NotAllowed, NotFound, Conflict))
async def change_agent(
    agent_id: SlugPath,
    change: AgentChange,
    caller: AdminDep,
    parts: AppStateDep,
    session: SessionDep,
) -> AgentOut:
    """Change a person. A new password ends their log-ins."""
    agent = await account_rows.find_active(session, Agent, caller.account_id, agent_id)
    values = sent(change)
    if values.get("role") not in (None, Role.admin):
        await agents.check_admin_remains(session, agent)
    if "email" in values:
        await agents.check_email_free(session, agent.account_id, change.email, agent.id)
    if values.pop("password", None):
        password = change.password.get_secret_value()
        check_password(
            password, values.get("email") or agent.email, values.get("name") or agent.name
        )
        agent.password_hash = await parts.passwords.hash(password)
        await sessions.log_out_everywhere(session, agent.id)
    skills = values.pop("skills", None)
    if skills is not None:
        await agents.set_skills(session, agent, skills)
    for name, value in values.items():
        setattr(agent, name, value)
    await session.flush()
    await agents.work_changed(session, agent.account_id)
    return await _shown(session, agent)


@router.delete("/{agent_id}", status_code=204, responses=documented(NotAllowed, NotFound, Conflict))
async def retire_agent(agent_id: SlugPath, caller: AdminDep, session: SessionDep) -> None:
    """Retire a person: they cannot log in any more. Refused while they hold conversations."""
    agent = await account_rows.find_active(session, Agent, caller.account_id, agent_id)
    await agents.check_admin_remains(session, agent)
    await agents.check_nothing_held(session, agent)
    await sessions.log_out_everywhere(session, agent.id)
    account_rows.retire(agent, utc_now())
    await agent_states.set_state(session, agent, AgentState.offline, None, utc_now())


@router.put("/{agent_id}/state", responses=documented(NotAllowed, NotFound, Conflict))
async def set_state(
    agent_id: SlugPath, change: StateChange, caller: CallerDep, session: SessionDep
) -> AgentOut:
    """Say whether somebody takes work: agents for themselves, managers for everybody."""
    agent = await account_rows.find_active(session, Agent, caller.account_id, agent_id)
    _check_own_or_manager(caller, agent)
    await away_reasons.check(session, agent.account_id, change.state, change.reason)
    await agent_states.set_state(session, agent, change.state, change.reason, utc_now())
    return await _shown(session, agent)


@router.get("/{agent_id}/states", responses=documented(NotAllowed, NotFound))
async def list_states(
    agent_id: SlugPath,
    caller: CallerDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[StatePeriodOut]:
    """Show which states somebody was in and how long, the present one first."""
    agent = await account_rows.find(session, Agent, caller.account_id, agent_id)
    _check_own_or_manager(caller, agent)
    before, now = after_number(cursor), utc_now()
    rows = await agent_states.periods(session, agent.id, before=before, limit=limit + 1)
    return page_of(rows, limit, lambda row: StatePeriodOut.of(row, now), lambda row: [str(row.id)])


def _check_own_or_manager(caller: Caller, agent: Agent) -> None:
    is_self = caller.person is not None and caller.person.agent_id == agent.id
    if not is_self and not caller.has(Role.manager):
        raise NotAllowed


async def _shown(session: SessionDep, agent: Agent) -> AgentOut:
    return AgentOut.of((await agents.working(session, [agent]))[0])
