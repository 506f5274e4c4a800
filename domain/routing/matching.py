"""Who gets which waiting conversation: the order of the queue, and the choice of an agent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from uuid import UUID

from domain.people.roles import AgentState
from domain.routing import load
from domain.routing.kinds import CapacityMode

LONG_AGO = datetime.min.replace(tzinfo=UTC)
ORDER = ("turn_at", "entered_at", "conversation_id")
"""By turn; of the same turn the oldest first, then by id. Fields of `Waiting` and columns of the
queue: each `ORDER BY` of what waits is made of these.
"""
NOT_YET_OPENED = str(UUID(int=2**128 - 1))
"""The id of a conversation that does not exist: it comes behind all that have the same turn."""
ASKED_AGAIN_AFTER = timedelta(minutes=1)
"""Since the last offer: when everybody let a conversation pass, they are asked once more."""


@dataclass(frozen=True)
class Waiting:
    """A conversation that waits. `ticket` counts its waits; `priority` is in minutes."""

    conversation_id: str
    ticket: int
    skill_id: str
    entered_at: datetime
    priority: int = 0
    due_at: datetime | None = None
    """When its consumer must have an answer."""
    wanted_agent_id: str | None = None
    """Transferred to this agent: nobody else gets it, whatever their skills."""
    avoided_agent_id: str | None = None
    """Given back by this agent, or taken from them: somebody else is tried first."""
    avoided_was_silent: bool = False
    """It was taken from them: they did not answer."""
    passed_by: frozenset[str] = frozenset()
    """Declined or left ringing by these agents in this wait."""
    last_offered_at: datetime | None = None
    fallback_skill_id: str | None = None
    """Stands in while nobody is there for its own skill."""
    barred_fallback_id: str | None = None
    """Would stand in, had nobody transferred it to its skill."""
    last_agent_id: str | None = None
    """Whom its consumer had last, not too long ago."""

    @property
    def turn_at(self) -> datetime:
        """Return when its turn is: the earliest is served first."""
        return turn_at(self.due_at, self.entered_at, self.priority)

    @property
    def served_by(self) -> str:
        """Return the skill whose agents may take it."""
        return self.fallback_skill_id or self.skill_id

    @property
    def only_agent_id(self) -> str | None:
        """Return the one agent it waits for; one who let it pass is waited for no longer."""
        wanted = self.wanted_agent_id
        return None if wanted in self.passed_by else wanted


@dataclass(frozen=True)
class Candidate:
    """An agent who is logged in, with the conversations they hold and have been given."""

    agent_id: str
    name: str
    skills: frozenset[str]
    capacity: int
    load: float = 0
    last_assigned_at: datetime | None = None
    state: AgentState = AgentState.online
    mode: CapacityMode = CapacityMode.plain
    warm_capacity: int | None = None
    """The capacity so far of an agent who has just come; None: all of it."""

    @property
    def is_online(self) -> bool:
        return self.state is AgentState.online

    @property
    def is_warm(self) -> bool:
        """Say whether all of the capacity may be used already."""
        return self.warm_capacity is None or self.warm_capacity >= self.capacity

    @cached_property
    def free_slots(self) -> int:
        """Return how many conversations more they may get now."""
        capacity = self.capacity if self.warm_capacity is None else self.warm_capacity
        return load.free_slots(self.load, capacity, self.mode) if self.is_online else 0

    @property
    def has_room(self) -> bool:
        return self.free_slots > 0

    def given_one(self, at: datetime) -> "Candidate":
        """Return them with one conversation more."""
        return replace(self, load=self.load + load.FULL_WEIGHT, last_assigned_at=at)

    @property
    def ratio(self) -> float:
        """Return the load as a part of the capacity."""
        return self.load / self.capacity if self.capacity else float("inf")


@dataclass(frozen=True)
class Match:
    """The router's choice, and everybody as they stood when it was made."""

    waiting: Waiting
    agent: Candidate
    staffing: Sequence[Candidate] = field(default=(), compare=False, repr=False)


def in_order(queue: Sequence[Waiting]) -> list[Waiting]:
    """Return a queue as it is served; the column `queue_entry.turn_at` is held to it."""
    return sorted(queue, key=order_key)


def order_key(waiting: Waiting) -> tuple[datetime, datetime, str]:
    """Return the key by which a queue is served: the least is served first. See `ORDER`."""
    turn, entered_at, conversation_id = (getattr(waiting, name) for name in ORDER)
    return turn, entered_at, conversation_id


def turn_at(due_at: datetime | None, entered_at: datetime, priority: int) -> datetime:
    """Return when a conversation's turn is: its response deadline, without one when it came, and
    as many minutes earlier as its priority says. So priority always counts, and nobody starves.
    """
    return (due_at or entered_at) - timedelta(minutes=priority)


def eligible(candidates: Sequence[Candidate], waiting: Waiting) -> list[Candidate]:
    """Return the agents online whom a conversation may go to, with room or without.

    The wanted agent alone; else who holds the skill, and of these the avoided one only when there
    is nobody else.
    """
    online = [one for one in candidates if one.is_online]
    if waiting.only_agent_id:
        return [one for one in online if one.agent_id == waiting.only_agent_id]
    skilled = [one for one in online if waiting.served_by in one.skills]
    others = [one for one in skilled if one.agent_id != waiting.avoided_agent_id]
    return others or skilled


def choose(candidates: Sequence[Candidate], waiting: Waiting, now: datetime) -> Candidate | None:
    """Return who gets a conversation: whom the consumer had last, then the lowest load ratio,
    then the longest without a new one.

    Who let it pass is asked again only when nobody else has room, and not at once.
    """
    free = [one for one in eligible(candidates, waiting) if one.has_room]
    fresh = [one for one in free if one.agent_id not in waiting.passed_by]
    if not fresh and may_ask_again(waiting, now):
        fresh = free
    return min(fresh, key=lambda one: preference(one, waiting), default=None)


def may_ask_again(waiting: Waiting, now: datetime) -> bool:
    """Say whether those who let a conversation pass have had their rest of it."""
    offered = waiting.last_offered_at
    return offered is None or now >= offered + ASKED_AGAIN_AFTER


def preference(candidate: Candidate, waiting: Waiting) -> tuple[bool, float, datetime, str]:
    """Return the key by which the best candidate for a conversation comes first."""
    is_other = candidate.agent_id != waiting.last_agent_id
    last = candidate.last_assigned_at or LONG_AGO
    return is_other, candidate.ratio, last, candidate.agent_id


def match(queue: Sequence[Waiting], candidates: Sequence[Candidate], now: datetime) -> list[Match]:
    """Return every choice that can be made now, counting each one towards the next."""
    agents = {one.agent_id: one for one in candidates}
    free = sum(one.has_room for one in candidates)
    matches: list[Match] = []
    for waiting in in_order(queue):
        if not free:
            break
        staffing = list(agents.values())
        chosen = choose(staffing, waiting, now)
        if chosen is None:
            continue
        matches.append(Match(waiting, chosen, staffing))
        busier = chosen.given_one(now)
        agents[chosen.agent_id] = busier
        free -= not busier.has_room
    return matches


def after(
    candidates: Sequence[Candidate], matches: Sequence[Match], at: datetime
) -> list[Candidate]:
    """Return everybody with what they were given."""
    agents = {one.agent_id: one for one in candidates}
    for one in matches:
        agents[one.agent.agent_id] = agents[one.agent.agent_id].given_one(at)
    return list(agents.values())


def stand_ins(fallbacks: Mapping[str, str | None], staffed: Collection[str]) -> dict[str, str]:
    """Return, for each skill without anybody, the next skill of its chain that has somebody.

    `fallbacks` names the fallback of every skill; a loop, which cannot be saved, ends the chain.
    """
    found = {skill: _stand_in(skill, fallbacks, staffed) for skill in fallbacks}
    return {skill: other for skill, other in found.items() if other is not None}


def _stand_in(
    skill: str, fallbacks: Mapping[str, str | None], staffed: Collection[str]
) -> str | None:
    passed: set[str] = set()
    here: str | None = skill
    while here is not None and here not in passed:
        if here in staffed:
            return None if here == skill else here
        passed.add(here)
        here = fallbacks.get(here)
    return None
