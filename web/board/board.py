"""The manager's live view: agents with state and load, and the queues of the skills."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy.ext.asyncio import AsyncSession

from api.app_state import AppState, AppStateDep
from api.caller import ManagerDep
from api.clock import utc_now
from api.schemas.people import AgentOut
from api.v1.events import Counted, LastEventId, Position, batches, reload
from database.away import NOT_DONE
from database.queries import account_rows, accounts, agents, queues, staffing
from database.queries.queues import QueueSummary
from database.tables import Agent
from domain.people.roles import AgentState, Role
from domain.routing.matching import Candidate
from services.caller import Caller
from web.frame import ManagersFrame
from web.rendering import Pages, PagesDep
from web.route import PageRoute
from web.workspace import workspace
from web.workspace.workspace import STATES

ORDER = list(AgentState)

router = APIRouter(prefix="/floor", route_class=PageRoute)


@dataclass(frozen=True)
class AtWork:
    """An agent as managers watch them. `load` is counted as the router does."""

    agent: AgentOut
    load: float
    capacity: int
    is_warm: bool

    @property
    def ratio(self) -> float:
        """Return the load as a part of the capacity, at most all of it."""
        return min(self.load / self.capacity, 1.0) if self.capacity else float(self.load > 0)


@dataclass(frozen=True)
class View:
    """The floor at a moment."""

    agents: Sequence[AtWork]
    queues: Sequence[QueueSummary]
    at: datetime

    @property
    def waiting(self) -> int:
        return sum(one.waiting for one in self.queues)

    @property
    def overdue(self) -> int:
        return sum(one.overdue for one in self.queues)

    @property
    def online(self) -> int:
        return sum(one.agent.state is AgentState.online for one in self.agents)

    @property
    def held(self) -> int:
        return sum(one.agent.load for one in self.agents)

    def staff(self, skill_id: str) -> int:
        """Return how many agents of a skill are online."""
        return sum(
            skill_id in one.agent.skills and one.agent.state is AgentState.online
            for one in self.agents
        )


@router.get("")
async def show_floor(frame: ManagersFrame) -> HTMLResponse:
    """Show who works and what waits."""
    after = await workspace.position(frame.session, frame.account_id)
    view = await look(frame.session, frame.account_id)
    return frame.answer("board/page.html", floor=view, after=after)


@router.get("/now")
async def show_now(frame: ManagersFrame) -> HTMLResponse:
    """Show it as it is now: what is late becomes so without an event."""
    view = await look(frame.session, frame.account_id)
    return frame.answer("board/updates/board.html", floor=view)


@router.get("/live", response_class=EventSourceResponse, dependencies=[Counted])
async def follow(
    caller: ManagerDep,
    parts: AppStateDep,
    pages: PagesDep,
    after: Position = None,
    last_event_id: LastEventId = None,
) -> AsyncIterator[ServerSentEvent]:
    """Follow the floor: all of it, whenever something happened."""
    start = last_event_id if last_event_id is not None else after
    yield ServerSentEvent(comment="following")
    async for followed in batches(parts, caller, start):
        batch = followed.batch
        if not followed.caller.has(Role.manager):
            return
        if batch.is_rewound:
            yield reload(batch)
        try:
            shown = await _shown(parts, pages, caller) if batch.events else ""
        except NOT_DONE:
            return
        yield ServerSentEvent(raw_data=shown or None, id=str(batch.last_id))


async def _shown(parts: AppState, pages: Pages, caller: Caller) -> str:
    """Return the floor as it stands."""
    async with parts.sessions.begin() as session:
        view = await look(session, caller.account_id)
        setting = await workspace.setting(session, caller)
    return pages.render("board/updates/board.html", floor=view, setting=setting, states=STATES)


async def look(session: AsyncSession, account_id: str) -> View:
    """Return the floor of an account: who is there first, then by name."""
    now = utc_now()
    rows = await account_rows.listed(session, Agent, account_id)
    people = [AgentOut.of(each) for each in await agents.working(session, rows)]
    there = await staffing.load_floor(session, account_id, now)
    by_id = {one.agent_id: one for one in there.agents}
    account = await accounts.find(session, account_id)
    at_work = [_at_work(one, by_id.get(one.id), account.default_capacity) for one in people]
    at_work.sort(key=lambda one: (ORDER.index(one.agent.state), one.agent.name))
    return View(at_work, await queues.standings(session, account_id, now), now)


def _at_work(agent: AgentOut, candidate: Candidate | None, default_capacity: int) -> AtWork:
    if candidate is None:
        capacity = default_capacity if agent.capacity is None else agent.capacity
        return AtWork(agent, agent.load, capacity, is_warm=True)
    return AtWork(agent, candidate.load, candidate.capacity, candidate.is_warm)
