"""Who gets which waiting conversation: the order of the queue, and the choice of an agent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Waiting:
    """A conversation that waits. `ticket` counts its waits, a higher `priority` goes first."""

    conversation_id: str
    ticket: int
    skill_id: str
    entered_at: datetime
    priority: int = 0
    wanted_agent_id: str | None = None
    """Transferred to this agent: nobody else gets it, whatever their skills."""
    avoided_agent_id: str | None = None
    """Given back by this agent: somebody else is tried first."""


@dataclass(frozen=True)
class Candidate:
    """An agent who is online, with the conversations they hold and have been given."""

    agent_id: str
    name: str
    skills: frozenset[str]
    capacity: int
    load: int = 0
    last_assigned_at: datetime | None = None

    @property
    def has_room(self) -> bool:
        return self.load < self.capacity


@dataclass(frozen=True)
class Match:
    """The router's choice."""

    waiting: Waiting
    agent: Candidate


def in_order(queue: Sequence[Waiting]) -> list[Waiting]:
    """Return a queue as it is served: by priority, then by age."""
    return sorted(queue, key=lambda one: (-one.priority, one.entered_at, one.conversation_id))


def eligible(candidates: Sequence[Candidate], waiting: Waiting) -> list[Candidate]:
    """Return the agents a conversation may go to, with room or without.

    The wanted agent alone; else who holds the skill, and of these the avoided one only when there
    is nobody else.
    """
    if waiting.wanted_agent_id:
        return [one for one in candidates if one.agent_id == waiting.wanted_agent_id]
    skilled = [one for one in candidates if waiting.skill_id in one.skills]
    others = [one for one in skilled if one.agent_id != waiting.avoided_agent_id]
    return others or skilled


def choose(candidates: Sequence[Candidate], waiting: Waiting) -> Candidate | None:
    """Return who gets a conversation: lowest load ratio, then longest without a new one."""
    free = [one for one in eligible(candidates, waiting) if one.has_room]
    return min(free, key=_preference, default=None)


def _preference(candidate: Candidate) -> tuple[float, datetime, str]:
    ratio = candidate.load / candidate.capacity
    return ratio, candidate.last_assigned_at or LONG_AGO, candidate.agent_id


def match(queue: Sequence[Waiting], candidates: Sequence[Candidate], now: datetime) -> list[Match]:
    """Return every choice that can be made now, counting each one towards the next."""
    agents = {one.agent_id: one for one in candidates}
    matches: list[Match] = []
    for waiting in in_order(queue):
        chosen = choose(list(agents.values()), waiting)
        if chosen is None:
            continue
        matches.append(Match(waiting, chosen))
        agents[chosen.agent_id] = replace(chosen, load=chosen.load + 1, last_assigned_at=now)
    return matches
