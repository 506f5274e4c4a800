"""The board: agents with state and load, and the queues of skills, live for managers."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy.ext.asyncio import AsyncSession

from api.app_state import AppState, AppStateDep
from api.caller import ManagerDep
from api.event_streams import Counted, LastEventId, Position, followed_by, reload
from api.schemas.people import AgentOut
from database.away import NOT_DONE
from database.queries.bots import BotAtWork
from database.queries.queues import QueueSummary
from database.tables import Connector, ConnectorPause
from domain.people.roles import AgentState, Role
from services.caller import Caller
from services.following.followers import PartKind
from services.looking.supervisor_board import read_board
from web.frame import ManagersFrame
from web.page_context import STATES, latest_event, load_context
from web.rendering import Pages, PagesDep
from web.route import PageRoute

router = APIRouter(prefix="/board", route_class=PageRoute)


@dataclass(frozen=True)
class AtWork:
    """An agent on the board. `load` is counted as the router counts it."""

    agent: AgentOut
    load: float
    capacity: int
    is_warm: bool

    @property
    def ratio(self) -> float:
        """Return the share of the capacity that is in use, at most 1."""
        return min(self.load / self.capacity, 1.0) if self.capacity else float(self.load > 0)


@dataclass(frozen=True)
class BoardView:
    """The board at a moment."""

    agents: Sequence[AtWork]
    queues: Sequence[QueueSummary]
    paused: Sequence[tuple[Connector, ConnectorPause]]
    bots: Sequence[BotAtWork]
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
async def show_board(frame: ManagersFrame) -> HTMLResponse:
    """Show the board."""
    after = await latest_event(frame.session, frame.caller)
    view = await load_board(frame.session, frame.caller)
    return frame.answer("board/page.html", board=view, after=after)


@router.get("/now")
async def show_now(frame: ManagersFrame) -> HTMLResponse:
    """Show the board as it is now: conversations become overdue without an event."""
    view = await load_board(frame.session, frame.caller)
    return frame.answer("board/updates/board.html", board=view)


@router.get("/live", response_class=EventSourceResponse, dependencies=[Counted])
async def follow(
    caller: ManagerDep,
    app: AppStateDep,
    pages: PagesDep,
    after: Position = None,
    last_event_id: LastEventId = None,
) -> AsyncIterator[ServerSentEvent]:
    """Follow the board: the whole of it, whenever something happens."""
    start = last_event_id if last_event_id is not None else after
    yield ServerSentEvent(comment="following")
    async with aclosing(followed_by(app, caller, start, Role.manager)) as parts:
        async for part in parts:
            if part.kind is PartKind.reload:
                yield reload(part)
                continue
            try:
                shown = await _render(app, pages, caller) if part.items else ""
            except NOT_DONE:
                return
            yield ServerSentEvent(raw_data=shown or None, id=str(part.position))


async def _render(app: AppState, pages: Pages, caller: Caller) -> str:
    """Return the board as it is now, as HTML."""
    async with app.sessions.begin() as session:
        view = await load_board(session, caller)
        page = await load_context(session, caller)
    return pages.render("board/updates/board.html", board=view, page=page, states=STATES)


async def load_board(session: AsyncSession, caller: Caller) -> BoardView:
    """Return the board of an account. Raises `NotAllowed`."""
    board = await read_board(caller, session)
    at_work = [
        AtWork(AgentOut.of(one.working), one.load, one.capacity, one.is_warm)
        for one in board.agents
    ]
    return BoardView(at_work, board.queues, board.paused, board.bots, board.at)
