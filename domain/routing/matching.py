"""The order of the queue, and the choice of an agent for each waiting conversation."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from uuid import UUID

from domain.people.roles import AgentState
from domain.routing import load
from domain.routing.kinds import CapacityMode

LONG_AGO = datetime.min.replace(tzinfo=UTC)
ORDER = ("effective_due_at", "entered_at", "conversation_id")
"""The order of the queue: by effective deadline, then the oldest entry, then the id. These are
fields of `Waiting` and columns of the queue; every `ORDER BY` over the queue is made from them.
"""
NOT_YET_OPENED = str(UUID(int=2**128 - 1))
"""An id for a conversation that is not open yet; it sorts last among those with its deadline."""
ASKED_AGAIN_AFTER = timedelta(minutes=1)
"""When every agent with room has declined, they are asked again this long after the last offer.
Ours: long enough to finish what made them decline, and short for the consumer who waits.
"""


@dataclass(frozen=True)
class Waiting:
    """A waiting conversation. `ticket` counts its waits; `priority` is in minutes."""

    conversation_id: str
    ticket: int
    skill_id: str
    entered_at: datetime
    priority: int = 0
    due_at: datetime | None = None
    """Response deadline; None: no response time is set."""
    requested_agent_id: str | None = None
    """The agent it was transferred to; nobody else gets it, whatever their skills."""
    avoided_agent_id: str | None = None
    """The agent who returned it, or whom it was taken from; other agents are tried first."""
    avoided_was_silent: bool = False
    """Whether it was taken from that agent because they did not answer."""
    not_accepted_by: frozenset[str] = frozenset()
    """Agents who did not accept an offer in this wait: they declined it, or let it lapse."""
    last_offered_at: datetime | None = None
    fallback_skill_id: str | None = None
    """The skill that stands in while nobody serves its own skill."""
    barred_fallback_id: str | None = None
    """The skill that would stand in if the conversation had not been transferred to its own."""
    last_agent_id: str | None = None
    """The consumer's last agent, if that was within the account's affinity."""

    @property
    def effective_due_at(self) -> datetime:
        """Return its effective deadline; the earliest is served first."""
        return effective_due_at(self.due_at, self.entered_at, self.priority)

    @property
    def served_by(self) -> str:
        """Return the skill whose agents may take it."""
        return self.fallback_skill_id or self.skill_id

    @property
    def only_agent_id(self) -> str | None:
        """Return the only agent it waits for; None, or once that agent has declined."""
        requested = self.requested_agent_id
        return None if requested in self.not_accepted_by else requested


@dataclass(frozen=True)
class Candidate:
    """An agent who is logged in; `load` counts what they hold and what they were chosen for."""

    agent_id: str
    name: str
    skills: frozenset[str]
    capacity: int
    load: float = 0
    last_assigned_at: datetime | None = None
    state: AgentState = AgentState.online
    mode: CapacityMode = CapacityMode.plain
    warm_capacity: int | None = None
    """The capacity reached so far while warming up; None: the full capacity."""

    @property
    def is_online(self) -> bool:
        return self.state is AgentState.online

    @property
    def is_warm(self) -> bool:
        """Say whether warm-up is over, so that the full capacity counts."""
        return self.warm_capacity is None or self.warm_capacity >= self.capacity

    @cached_property
    def free_slots(self) -> int:
        """Return how many further conversations the agent may get now."""
        capacity = self.capacity if self.warm_capacity is None else self.warm_capacity
        return load.free_slots(self.load, capacity, self.mode) if self.is_online else 0

    @property
    def has_room(self) -> bool:
        return self.free_slots > 0

    def with_one_more(self, at: datetime) -> "Candidate":
        """Return the agent with one more conversation, chosen at `at`."""
        return replace(self, load=self.load + load.FULL_WEIGHT, last_assigned_at=at)

    @property
    def ratio(self) -> float:
        """Return load divided by capacity; infinite without capacity."""
        return self.load / self.capacity if self.capacity else float("inf")


@dataclass(frozen=True)
class Match:
    """A choice of the router, with all candidates as they were when it was made."""

    waiting: Waiting
    agent: Candidate
    staffing: Sequence[Candidate] = field(default=(), compare=False, repr=False)


def in_order(queue: Sequence[Waiting]) -> list[Waiting]:
    """Return the queue in the order of service, which `queue_entry.effective_due_at` repeats."""
    return sorted(queue, key=order_key)


def order_key(waiting: Waiting) -> tuple[datetime, datetime, str]:
    """Return the sort key of the queue, where the least is served first. See `ORDER`."""
    due, entered_at, conversation_id = (getattr(waiting, name) for name in ORDER)
    return due, entered_at, conversation_id


def effective_due_at(due_at: datetime | None, entered_at: datetime, priority: int) -> datetime:
    """Return the effective deadline of a conversation: its response deadline, or its entry when it
    has none, moved earlier by `priority` minutes. So priority always counts, and no conversation
    waits for ever.
    """
    return (due_at or entered_at) - timedelta(minutes=priority)


def eligible(candidates: Sequence[Candidate], waiting: Waiting) -> list[Candidate]:
    """Return the online agents a conversation may go to, whether or not they have room.

    This is the requested agent alone, or the agents with the skill. The avoided agent is left out
    unless there is nobody else.
    """
    online = [agent for agent in candidates if agent.is_online]
    if waiting.only_agent_id:
        return [agent for agent in online if agent.agent_id == waiting.only_agent_id]
    skilled = [agent for agent in online if waiting.served_by in agent.skills]
    others = [agent for agent in skilled if agent.agent_id != waiting.avoided_agent_id]
    return others or skilled


def choose(candidates: Sequence[Candidate], waiting: Waiting, now: datetime) -> Candidate | None:
    """Return the agent who gets a conversation; None: nobody can.

    The consumer's last agent comes first, then the lowest load ratio, then the agent who has gone
    longest without a new conversation. Agents who declined are asked again only when nobody else
    has room, and not before `ASKED_AGAIN_AFTER`.
    """
    free = [agent for agent in eligible(candidates, waiting) if agent.has_room]
    fresh = [agent for agent in free if agent.agent_id not in waiting.not_accepted_by]
    if not fresh and may_ask_again(waiting, now):
        fresh = free
    return min(fresh, key=lambda agent: preference(agent, waiting), default=None)


def may_ask_again(waiting: Waiting, now: datetime) -> bool:
    """Say whether the agents who declined may be asked again."""
    offered = waiting.last_offered_at
    return offered is None or now >= offered + ASKED_AGAIN_AFTER


def preference(candidate: Candidate, waiting: Waiting) -> tuple[bool, float, datetime, str]:
    """Return the sort key of candidates, where the best one comes first."""
    is_other = candidate.agent_id != waiting.last_agent_id
    last = candidate.last_assigned_at or LONG_AGO
    return is_other, candidate.ratio, last, candidate.agent_id


def match(queue: Sequence[Waiting], candidates: Sequence[Candidate], now: datetime) -> list[Match]:
    """Return every choice that can be made now; each counts as load for the next."""
    agents = {agent.agent_id: agent for agent in candidates}
    free = sum(agent.has_room for agent in candidates)
    matches: list[Match] = []
    for waiting in in_order(queue):
        if not free:
            break
        staffing = list(agents.values())
        chosen = choose(staffing, waiting, now)
        if chosen is None:
            continue
        matches.append(Match(waiting, chosen, staffing))
        busier = chosen.with_one_more(now)
        agents[chosen.agent_id] = busier
        free -= not busier.has_room
    return matches


def after(
    candidates: Sequence[Candidate], matches: Sequence[Match], at: datetime
) -> list[Candidate]:
    """Return all candidates with the conversations they were chosen for."""
    agents = {agent.agent_id: agent for agent in candidates}
    for choice in matches:
        agent_id = choice.agent.agent_id
        agents[agent_id] = agents[agent_id].with_one_more(at)
    return list(agents.values())


def stand_ins(fallbacks: Mapping[str, str | None], staffed: Collection[str]) -> dict[str, str]:
    """Return the skill that stands in for each unstaffed skill: the first staffed one of its chain.

    `fallbacks` names each skill's fallback. A loop, which settings do not allow, ends the chain.
    """
    found = {skill: _stand_in(skill, fallbacks, staffed) for skill in fallbacks}
    return {skill: other for skill, other in found.items() if other is not None}


def _stand_in(
    skill: str, fallbacks: Mapping[str, str | None], staffed: Collection[str]
) -> str | None:
    visited: set[str] = set()
    here: str | None = skill
    while here is not None and here not in visited:
        if here in staffed:
            return None if here == skill else here
        visited.add(here)
        here = fallbacks.get(here)
    return None
