"""The board: agents with state and load, and the queues of skills."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, accounts, agents, bots, pauses, queues, staffing
from database.queries.agents import Working
from database.queries.bots import BotAtWork
from database.queries.queues import QueueSummary
from database.tables import Agent, Connector, ConnectorPause
from domain.people.roles import AgentState, Role
from domain.routing.matching import Candidate
from services.caller import Caller
from services.clock import utc_now

ORDER = list(AgentState)


@dataclass(frozen=True)
class AgentAtWork:
    """An agent on the board. `load` is counted as the router counts it."""

    working: Working
    load: float
    capacity: int
    is_warm: bool


@dataclass(frozen=True)
class Board:
    """Agents and queues at a moment: agents by state, online first, then by name."""

    agents: Sequence[AgentAtWork]
    queues: Sequence[QueueSummary]
    paused: Sequence[tuple[Connector, ConnectorPause]]
    """Connectors that are out of order, whose texts wait."""
    bots: Sequence[BotAtWork]
    at: datetime


async def read_board(caller: Caller, session: AsyncSession) -> Board:
    """Return the board of the caller's account. Raises `NotAllowed`: it is for managers."""
    caller.require(Role.manager)
    account_id, now = caller.account_id, utc_now()
    people = await agents.working(session, await account_rows.listed(session, Agent, account_id))
    logged_in = await staffing.load_staffing(session, account_id, now)
    by_id = {one.agent_id: one for one in logged_in.agents}
    account = await accounts.find(session, account_id)
    at_work = [_at_work(one, by_id.get(one.agent.id), account.default_capacity) for one in people]
    at_work.sort(
        key=lambda one: (
            ORDER.index(AgentState(one.working.agent.state)),
            one.working.agent.name,
        )
    )
    waiting = await queues.queue_summaries(session, account_id, now)
    paused = await pauses.of_account(session, account_id)
    return Board(at_work, waiting, paused, await bots.at_work(session, account_id), now)


def _at_work(working: Working, candidate: Candidate | None, default_capacity: int) -> AgentAtWork:
    if candidate is None:
        own = working.agent.capacity
        capacity = default_capacity if own is None else own
        return AgentAtWork(working, working.load, capacity, is_warm=True)
    return AgentAtWork(working, candidate.load, candidate.capacity, candidate.is_warm)
