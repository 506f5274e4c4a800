"""Makes the facts of conversations and of agents' states anew, and says which days changed."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.reports import consumers, facts, local_time, stale
from database.queries.reports.facts import Owned
from database.tables import AgentStatePeriod, Event
from domain.conversation.kinds import EventKind
from domain.reporting.course import facts_of
from domain.reporting.local_time import LocalTime
from domain.reporting.states import InState, state_facts

ENDED_BEFORE = timedelta(minutes=1)
"""Ours: a time in a state ends just before the event that says so."""


async def write(session: AsyncSession, account_id: str, ids: Collection[UUID]) -> None:
    """Write the facts of some of an account's conversations."""
    clock = await local_time.load(session, account_id)
    found = await facts.courses(session, account_id, ids)
    owned = [
        Owned(
            facts_of(one.events, clock, is_first=one.is_first),
            conversation_id=one.conversation_id,
            line_id=one.line_id,
            source=one.source,
        )
        for one in found
    ]
    await keep(session, account_id, owned, clock)
    seen = {
        (one.consumer_id, clock.day_of(fact.at))
        for one, its in zip(found, owned, strict=True)
        for fact in its.facts
        if fact.kind in consumers.ACTIVE
    }
    await stale.mark(session, account_id, await consumers.keep(session, account_id, seen))


async def write_states(
    session: AsyncSession, account_id: str, agent_ids: Collection[str], since: datetime
) -> None:
    """Write how long agents were in the states that ended since a moment."""
    clock = await local_time.load(session, account_id)
    periods = await facts.state_periods(session, account_id, agent_ids, since)
    owned = [_of_state(one, clock) for one in periods]
    await keep(session, account_id, owned, clock)


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


async def keep(
    session: AsyncSession, account_id: str, owned: Sequence[Owned], clock: LocalTime
) -> None:
    """Make facts these ones, and have their days summed again."""
    moments = await facts.replace(session, account_id, owned)
    await stale.mark(session, account_id, {clock.day_of(at) for at in moments})


def _of_state(period: AgentStatePeriod, clock: LocalTime) -> Owned:
    ends = period.ended_at or period.began_at
    time = InState(period.agent_id, period.state, period.reason, period.began_at, ends)
    return Owned(list(state_facts(time, clock)), made_from=f"state/{period.id}")
