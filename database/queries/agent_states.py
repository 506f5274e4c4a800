"""Changes agents' states, and records how long each lasted."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import agents, events
from database.queries.events import NewEvent
from database.tables import Agent, AgentStatePeriod, Session
from domain.conversation.kinds import EventKind
from domain.people.roles import AgentState


async def set_state(
    session: AsyncSession,
    agent: Agent,
    state: AgentState,
    reason: str | None,
    now: datetime,
    *,
    by: str | None = None,
) -> None:
    """Change an agent's state, wake the router and record it. Call last in a transaction.

    `by`: the manager who set it for them.
    """
    happened = await move(session, agent, state, reason, now)
    if happened is not None:
        told = {**(happened.data or {}), **({"by_agent_id": by} if by else {})}
        await events.append(session, agent.account_id, [replace(happened, data=told)])


async def set_capacity(
    session: AsyncSession, agent: Agent, capacity: int | None, now: datetime, by: str | None
) -> None:
    """Change how many conversations an agent has at once, and wake the router. Call last."""
    if agent.capacity == capacity:
        return
    agent.capacity = capacity
    await session.flush()
    await agents.work_changed(session, agent.account_id)
    data = {"capacity": capacity, "by_agent_id": by}
    event = NewEvent(kind=EventKind.agent_capacity, at=now, agent_id=agent.id, data=data)
    await events.append(session, agent.account_id, [event])


async def move(
    session: AsyncSession, agent: Agent, state: AgentState, reason: str | None, now: datetime
) -> NewEvent | None:
    """Change an agent's state. Returns the event to append, or None when nothing changed."""
    if agent.state == state and agent.state_reason == reason:
        return None
    await _end_period(session, agent, now)
    agent.state, agent.state_reason, agent.state_since = str(state), reason, now
    session.add(_period(agent, None))
    if state is AgentState.online:
        # A pause does not restart warm-up, which counts from the log-in.
        agent.online_since = agent.online_since or now
        agent.missed_offers = 0
    if state is AgentState.offline:
        agent.online_since = None
    await session.flush()
    await agents.work_changed(session, agent.account_id)
    data = {"state": str(state), "reason": reason}
    return NewEvent(kind=EventKind.agent_state, at=now, agent_id=agent.id, data=data)


async def _end_period(session: AsyncSession, agent: Agent, now: datetime) -> None:
    table = AgentStatePeriod
    present = update(table).where(table.agent_id == agent.id, table.ended_at.is_(None))
    ended = await session.execute(present.values(ended_at=now).returning(table.id))
    if ended.first() is None:
        # An agent's first state has no row until it ends.
        session.add(_period(agent, now))


def _period(agent: Agent, ended_at: datetime | None) -> AgentStatePeriod:
    return AgentStatePeriod(
        account_id=agent.account_id,
        agent_id=agent.id,
        state=agent.state,
        reason=agent.state_reason,
        began_at=agent.state_since,
        ended_at=ended_at,
    )


async def log_out(session: AsyncSession, agent_id: str, now: datetime) -> None:
    """Set an agent offline unless they are still logged in elsewhere. Call last."""
    elsewhere = exists().where(Session.agent_id == agent_id, Session.expires_at > now)
    if await session.scalar(select(func.coalesce(elsewhere, False))):
        return
    agent = await session.get(Agent, agent_id, with_for_update={"key_share": True})
    if agent is not None:
        await set_state(session, agent, AgentState.offline, None, now)


async def periods(
    session: AsyncSession, agent_id: str, *, before: int | None, limit: int
) -> Sequence[AgentStatePeriod]:
    """Return an agent's states, the current one first, from before row `before`."""
    table = AgentStatePeriod
    query = select(table).where(table.agent_id == agent_id)
    if before is not None:
        query = query.where(table.id < before)
    return (await session.scalars(query.order_by(table.id.desc()).limit(limit))).all()
