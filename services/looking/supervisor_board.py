"""The board: agents with state, load and figures of today, the queues of skills, and alerts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import (
    account_rows,
    accounts,
    agents,
    alerts,
    bots,
    figures,
    pauses,
    queues,
    staffing,
    workspace,
)
from database.queries.agents import Working
from database.queries.alerts import Names
from database.queries.bots import BotAtWork
from database.queries.figures import NOTHING, DayFigures, Figures
from database.queries.queues import NOTHING_OPEN, NOTHING_OWED, OpenNow, Owed, QueueSummary
from database.queries.workspace import Ratings
from database.tables import Account, Agent, Alert, Connector, ConnectorPause
from domain.board.times import RATINGS_SINCE
from domain.people.roles import AgentState, Role
from domain.people.token_scopes import TokenScope
from services.caller import Caller
from services.clock import shared_now, utc_now

ORDER = list(AgentState)
NO_RATINGS = Ratings(0, 0)


@dataclass(frozen=True)
class AgentAtWork:
    """An agent on the board. `load` is counted as the router counts it."""

    working: Working
    load: float
    capacity: int
    is_warm: bool
    owed: Owed
    today: Figures

    @property
    def is_online(self) -> bool:
        """Say whether they get conversations."""
        return self.working.agent.state == AgentState.online


@dataclass(frozen=True)
class Board:
    """Agents and queues at a moment: agents by state, online first, then by name."""

    agents: Sequence[AgentAtWork]
    queues: Sequence[QueueSummary]
    paused: Sequence[tuple[Connector, ConnectorPause]]
    """Connectors that are out of order, whose texts wait."""
    bots: Sequence[BotAtWork]
    alerts: Sequence[Alert]
    alert_names: Names
    """What they are about."""
    today: DayFigures
    at: datetime
    present: OpenNow = NOTHING_OPEN
    ratings: Ratings = NO_RATINGS
    """Of the last twelve hours."""

    @property
    def load_percent(self) -> int | None:
        """Return what online agents hold, of what they may hold; None while nobody is online."""
        online = [one for one in self.agents if one.is_online]
        capacity = sum(one.capacity for one in online)
        return round(100 * sum(one.load for one in online) / capacity) if capacity else None

    @property
    def by_state(self) -> Mapping[AgentState, int]:
        """Return how many agents are in each state."""
        states = Counter(AgentState(one.working.agent.state) for one in self.agents)
        return {state: states[state] for state in AgentState}


async def read_board(
    caller: Caller, session: AsyncSession, today: DayFigures | None = None
) -> Board:
    """Return the board of the caller's account, or of their teams.

    Raises `NotAllowed`: it is for managers.

    `today`: figures that were read a moment ago, which need not be read again.
    """
    caller.require(Role.manager)
    caller.require_scope(TokenScope.board_read)
    caller.require_scope(TokenScope.agents_read)
    account_id, now = caller.account_id, await shared_now(session)
    today = today or await read_today(caller, session)
    lasting = await alerts.present(session, account_id, caller.led_skills)
    waits = await queues.queue_summaries(session, account_id, now)
    at_work = await _at_work(session, account_id, today, now)
    led = caller.led
    theirs = [one for one in at_work if not led or one.working.agent.id in led.people]
    people = [one.working.agent.id for one in theirs]
    return Board(
        agents=theirs,
        queues=[one for one in waits if not led or one.skill_id in led.skills],
        paused=await pauses.of_account(session, account_id),
        bots=await bots.at_work(session, account_id),
        alerts=lasting,
        alert_names=await alerts.names(session, lasting),
        today=today,
        at=now,
        present=await queues.open_seen(session, caller.viewer, now),
        ratings=await workspace.ratings(session, people, now - RATINGS_SINCE),
    )


async def read_today(caller: Caller, session: AsyncSession) -> DayFigures:
    """Return what people did since midnight, by the account's clock: all, or those of the teams."""
    caller.require(Role.manager)
    account = await accounts.find(session, caller.account_id)
    people = caller.led.people if caller.led else None
    return await figures.figures(session, account.id, _midnight(account, utc_now()), people)


def _midnight(account: Account, now: datetime) -> datetime:
    local = now.astimezone(ZoneInfo(account.time_zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


async def _at_work(
    session: AsyncSession, account_id: str, today: DayFigures, now: datetime
) -> Sequence[AgentAtWork]:
    people = await agents.working(session, await account_rows.listed(session, Agent, account_id))
    staff = await staffing.load_staffing(session, account_id, now)
    candidates = {one.agent_id: one for one in staff.agents}
    owed = await queues.owed(session, account_id, now)
    usual = (await accounts.find(session, account_id)).default_capacity
    found = []
    for one in people:
        who, own = one.agent.id, one.agent.capacity
        candidate = candidates.get(who)
        at_work = AgentAtWork(
            working=one,
            load=candidate.load if candidate else one.load,
            capacity=candidate.capacity if candidate else usual if own is None else own,
            is_warm=candidate.is_warm if candidate else True,
            owed=owed.get(who, NOTHING_OWED),
            today=today.by_agent.get(who, NOTHING),
        )
        found.append(at_work)
    return sorted(found, key=_place)


def _place(one: AgentAtWork) -> tuple[int, str]:
    return ORDER.index(AgentState(one.working.agent.state)), one.working.agent.name
