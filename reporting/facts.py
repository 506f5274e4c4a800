"""Makes the facts of conversations and of agents' states anew, and says which days changed."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.reports import facts, local_time, stale
from database.queries.reports.facts import Owned
from database.tables import AgentStatePeriod, Event
from domain.conversation.kinds import EventKind
from domain.people.roles import AgentState
from domain.reporting.course import facts_of
from domain.reporting.facts import Fact
from domain.reporting.kinds import FactKind
from domain.reporting.local_time import LocalTime, seconds

ENDED_BEFORE = timedelta(minutes=1)
"""Ours: a time in a state ends just before the event that says so."""


async def write(session: AsyncSession, account_id: str, ids: Collection[UUID]) -> None:
    """Write the facts of some of an account's conversations."""
    clock = await local_time.load(session, account_id)
    found = await facts.courses(session, account_id, ids)
    owned = [
        Owned(
            facts_of(one.events, clock),
            conversation_id=one.conversation_id,
            line_id=one.line_id,
            source=one.source,
        )
        for one in found
    ]
    await _keep(session, account_id, owned, clock)


async def write_states(
    session: AsyncSession, account_id: str, agent_ids: Collection[str], since: datetime
) -> None:
    """Write how long agents were in the states that ended since a moment."""
    clock = await local_time.load(session, account_id)
    periods = await facts.state_periods(session, account_id, agent_ids, since)
    owned = [Owned(_of_state(one, clock), state_period_id=one.id) for one in periods]
    await _keep(session, account_id, owned, clock)


async def read_states(session: AsyncSession, account_id: str, batch: Iterable[Event]) -> None:
    """Write the states that ended with some events."""
    changed = [one for one in batch if one.kind == EventKind.agent_state and one.agent_id]
    if changed:
        since = min(one.at for one in changed) - ENDED_BEFORE
        agent_ids = {one.agent_id for one in changed if one.agent_id}
        await write_states(session, account_id, agent_ids, since)


async def read_labels(session: AsyncSession, account_id: str, batch: Iterable[Event]) -> None:
    """Have the days of conversations summed again whose labels changed with some events."""
    of_labels = (EventKind.label_added, EventKind.label_removed)
    changed = {one.conversation_id for one in batch if one.kind in of_labels}
    if changed:
        clock = await local_time.load(session, account_id)
        moments = await facts.moments(session, [one for one in changed if one])
        await stale.mark(session, account_id, {clock.day_of(at) for at in moments})


async def _keep(
    session: AsyncSession, account_id: str, owned: list[Owned], clock: LocalTime
) -> None:
    moments = await facts.replace(session, account_id, owned)
    await stale.mark(session, account_id, {clock.day_of(at) for at in moments})


def _of_state(period: AgentStatePeriod, clock: LocalTime) -> list[Fact]:
    if period.state == AgentState.offline:
        return []
    ends = period.ended_at or period.began_at
    detail = ":".join(filter(None, (period.state, period.reason)))
    return [
        Fact(
            FactKind.state,
            at,
            agent_id=period.agent_id,
            detail=detail,
            value=seconds(until - at),
        )
        for at, until in clock.pieces(period.began_at, ends)
    ]
