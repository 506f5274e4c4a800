"""Facts of times in a state and in a queue: of those that are over, and of those that run."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.people.roles import AgentState
from domain.reporting.facts import Fact
from domain.reporting.kinds import FactKind
from domain.reporting.local_time import LocalTime, seconds


@dataclass(frozen=True)
class InState:
    """A time of an agent in a state. `until`: now, for one that runs."""

    agent_id: str
    state: str
    reason: str | None
    since: datetime
    until: datetime


def state_facts(time: InState, clock: LocalTime) -> Iterator[Fact]:
    """Yield how long it lasted, cut at full hours; nothing for an agent who is offline."""
    if time.state == AgentState.offline:
        return
    detail = ":".join(filter(None, (time.state, time.reason)))
    for at, until in clock.pieces(time.since, time.until):
        yield Fact(
            FactKind.state, at, agent_id=time.agent_id, detail=detail, value=seconds(until - at)
        )


def queue_facts(
    clock: LocalTime, skill_id: str | None, since: datetime, until: datetime
) -> Iterator[Fact]:
    """Yield how long a conversation waited in a queue, cut at full hours."""
    for begins, ends in clock.pieces(since, until):
        worked = clock.worked(skill_id, begins, ends)
        lasted = seconds(ends - begins)
        yield Fact(FactKind.queued, begins, skill_id, value=lasted, worked=worked)
