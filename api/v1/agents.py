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
)
from domain.errors import Conflict, NotAllowed, NotFound
from services import agent_states
from services.configuring import agents

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
    found = await agents.listed(
        caller, session, after=after_id(cursor), limit=limit + 1, retired=retired
    )
    return page_of(found, limit, AgentOut.of, lambda one: [one.agent.id])


@router.post("", status_code=201, responses=documented(NotAllowed, Conflict))
async def create_agent(
    new: NewAgent, caller: AdminDep, app: AppStateDep, session: SessionDep, once: OnceDep
) -> AgentOut:
    """Add a person; they begin offline."""

    async def make() -> AgentOut:
        return AgentOut.of(await agents.create(caller, session, app.passwords, new.wanted))

    return await once.create(session, AgentOut, make)


@router.get("/{agent_id}", responses=documented(NotFound))
async def show_agent(agent_id: SlugPath, caller: CallerDep, session: SessionDep) -> AgentOut:
    """Show a person, retired or not."""
    return AgentOut.of(await agents.find(caller, session, agent_id))


@router.patch("/{agent_id}", responses=documented(NotAllowed, NotFound, Conflict))
async def change_agent(
    agent_id: SlugPath,
    change: AgentChange,
    caller: AdminDep,
    app: AppStateDep,
    session: SessionDep,
) -> AgentOut:
    """Change a person. A new password ends their log-ins."""
    changed = await agents.change(caller, session, app.passwords, agent_id, change.wanted)
    return AgentOut.of(changed)


@router.delete("/{agent_id}", status_code=204, responses=documented(NotAllowed, NotFound, Conflict))
async def retire_agent(agent_id: SlugPath, caller: AdminDep, session: SessionDep) -> None:
    """Retire a person: they cannot log in any more. Refused while they hold conversations."""
    await agents.retire(caller, session, agent_id)


@router.put("/{agent_id}/state", responses=documented(NotAllowed, NotFound, Conflict))
async def set_state(
    agent_id: SlugPath, change: StateChange, caller: CallerDep, session: SessionDep
) -> AgentOut:
    """Say whether somebody takes work: agents for themselves, managers for everybody."""
    changed = await agent_states.set_state(caller, session, agent_id, change.state, change.reason)
    return AgentOut.of(changed)


@router.get("/{agent_id}/states", responses=documented(NotAllowed, NotFound))
async def list_states(
    agent_id: SlugPath,
    caller: CallerDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[StatePeriodOut]:
    """Show which states somebody was in and how long, the present one first."""
    before, now = after_number(cursor), utc_now()
    rows = await agent_states.list_states(caller, session, agent_id, before=before, limit=limit + 1)
    return page_of(rows, limit, lambda row: StatePeriodOut.of(row, now), lambda row: [str(row.id)])
