"""What runs now, as facts beside the sums: states of agents, and waits in queues."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.reports import local_time, running
from domain.people.teams import Led
from domain.reporting.facts import Fact
from domain.reporting.kinds import Dimension
from domain.reporting.local_time import LocalTime
from domain.reporting.states import queue_facts, state_facts


@dataclass(frozen=True)
class Running:
    """A fact of something that is not over, and what it counts under."""

    fact: Fact
    keys: Mapping[Dimension, str | None]
    conversation_id: UUID | None = None

    def is_among(self, only: Mapping[Dimension, Collection[str]], led: Led | None) -> bool:
        """Say whether it belongs to a report with these limits."""
        fits = all(self.keys.get(one) in ids for one, ids in only.items())
        skill_id, agent_id = self.fact.skill_id, self.fact.agent_id
        return fits and (led is None or skill_id in led.skills or agent_id in led.people)


async def load(
    session: AsyncSession, account_id: str, clock: LocalTime, now: datetime
) -> list[Running]:
    """Return what runs now. What waits is not told apart by labels.

    `clock`: without working hours, which are read only if something waits.
    """
    found = [
        Running(fact, {Dimension.agent: state.agent_id})
        for state in await running.states(session, account_id, now)
        for fact in state_facts(state, clock)
    ]
    if waiting := await running.waiting(session, account_id):
        hours = await local_time.load(session, account_id)
        found += [one for each in waiting for one in _of_wait(each, hours, now)]
    return found


def _of_wait(wait: running.Waiting, clock: LocalTime, now: datetime) -> Iterator[Running]:
    keys = {
        Dimension.skill: wait.skill_id,
        Dimension.line: wait.line_id,
        Dimension.source: wait.source,
    }
    for fact in queue_facts(clock, wait.skill_id, wait.since, now):
        yield Running(fact, keys, wait.conversation_id)
