"""Agents' states: whether they take work, and how long they were in each state."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import CallerDep, ManagerDep
from api.clock import utc_now
from api.problems import documented
from api.schemas.people import AgentOut, CapacityChange, StateChange, StatePeriodOut
from api.schemas.shared import (
    Cursor,
    Limit,
    Page,
    SlugPath,
    after_number,
    page_of,
)
from api.scopes import needs
from domain.errors import Conflict, Invalid, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services import agent_states

router = APIRouter(prefix="/agents", tags=["agents"], dependencies=[needs(Area.agents)])


@router.put("/{agent_id}/state", responses=documented(NotAllowed, NotFound, Conflict))
async def set_agent_state(
    agent_id: SlugPath, change: StateChange, caller: CallerDep, session: SessionDep
) -> AgentOut:
    """Set whether an agent takes work: agents set it for themselves, managers for everybody."""
    changed = await agent_states.set_state(caller, session, agent_id, change.state, change.reason)
    return AgentOut.of(changed)


@router.put("/{agent_id}/capacity", responses=documented(NotAllowed, NotFound, Conflict, Invalid))
async def set_agent_capacity(
    agent_id: SlugPath, change: CapacityChange, caller: ManagerDep, session: SessionDep
) -> AgentOut:
    """Set how many conversations an agent has at once. The agent is told."""
    changed = await agent_states.set_capacity(caller, session, agent_id, change.capacity)
    return AgentOut.of(changed)


@router.get("/{agent_id}/states", responses=documented(NotAllowed, NotFound))
async def list_agent_states(
    agent_id: SlugPath,
    caller: CallerDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[StatePeriodOut]:
    """Show the states an agent was in and for how long, the present one first."""
    before, now = after_number(cursor), utc_now()
    rows = await agent_states.list_states(caller, session, agent_id, before=before, limit=limit + 1)
    return page_of(rows, limit, lambda row: StatePeriodOut.of(row, now), lambda row: [str(row.id)])
