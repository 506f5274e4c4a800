"""The open streams of an account, found by what concerns them."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from database.engine import Sessions
from database.queries.stream import Batch, Place
from database.tables import Event
from domain.errors import DomainError
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.following.concerns import ALERTS, OF_PEOPLE, Interest
from services.proving import Proven

MOST_PARTS = 100
"""Parts that wait for a slow reader. One more, and it reads on from the database. Ours."""

T = TypeVar("T")
Key = tuple[object, ...]
"""What streams are found by: `("agent", id)`, `("conversation", id)`, and others."""


class PartKind(StrEnum):
    """What a part of a stream is."""

    news = "news"
    moved = "moved"
    """A later position, and nothing else."""
    live = "live"
    """What was missed is told, and from here on it is told as things happen. What is no event may
    have been missed before.
    """
    reload = "reload"
    """All must be loaded again."""
    beat = "beat"
    """There is no news."""
    silence = "silence"
    """It is not known whether there is news: the database does not answer."""


@dataclass(frozen=True)
class Part(Generic[T]):
    """A part of a stream. `position`: of the last event it tells of, None if it is not known.

    `at`: the time of all processes, of a part that tells pages what time it is.
    """

    kind: PartKind
    position: int | None
    items: Sequence[T] = ()
    at: datetime | None = None


class Presenter(Protocol[T]):
    """Makes of events what is sent to the streams they concern.

    One serves all streams of a kind, so it loads and writes what they share once.
    """

    async def present(
        self,
        sessions: Sessions,
        batch: Batch,
        concerned: "Mapping[Follower[T], Sequence[Event]]",
        /,
    ) -> "Mapping[Follower[T], Sequence[T]]":
        """Return what is sent to each stream. Raises `NOT_DONE`."""
        ...

    async def beat(
        self, sessions: Sessions, follower: "Follower[T]", queue_version: int, /
    ) -> Sequence[T]:
        """Return what a beat brings along. `queue_version`: another one with each change of what
        waits. Raises `NOT_DONE`.
        """
        ...


@dataclass(frozen=True)
class Wanted(Generic[T]):
    """What a stream is for. `role`, `scope`: what its reader must have, all the time.

    `most_missed`: how many missed events it is told of before it rather loads everything again,
    None for all. `is_page`: whether it loads everything again when its reader's rights change.
    """

    interest: Interest
    presenter: Presenter[T]
    role: Role = Role.agent
    scope: TokenScope = TokenScope.events_read
    most_missed: int | None = None
    is_page: bool = False
    shown_to: Hashable = None
    """Who reads it, for the presenter: what is written for one is not for another."""
    beat_seconds: float | None = None
    """How long it is silent at most; None: as long as others."""


@dataclass(eq=False)
class Follower(Generic[T]):
    """One open stream, and what it has not sent yet."""

    reader: Proven
    wanted: Wanted[T]
    position: int
    is_live: bool = False
    is_over: bool = False
    losses: int = 0
    """How often it was too slow, and parts were dropped that no event brings again."""
    parts: deque[Part[T]] = field(default_factory=deque)
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def agent_id(self) -> str | None:
        person = self.reader.caller.person
        return person.agent_id if person else None

    def put(self, part: Part[T]) -> bool:
        """Add what is to be sent. Returns whether there was room."""
        has_room = len(self.parts) < MOST_PARTS
        if has_room:
            self.parts.append(part)
        else:
            self.parts.clear()
            self.losses += 1
        self.wake.set()
        return has_room

    def end(self) -> None:
        self.is_over = True
        self.parts.clear()
        self.wake.set()

    def is_allowed(self, now: Proven | None) -> bool:
        """Say whether the reader may still follow, with their present rights."""
        if now is None or now.caller.account_id != self.reader.caller.account_id:
            return False
        try:
            now.caller.require(self.wanted.role)
            now.caller.require_scope(self.wanted.scope)
        except DomainError:
            return False
        return True


class Followers(Generic[T]):
    """Streams by the people, skills and conversations they are told of."""

    def __init__(self) -> None:
        self._all: set[Follower[T]] = set()
        self._by_key: dict[Key, set[Follower[T]]] = defaultdict(set)

    def __iter__(self) -> Iterator[Follower[T]]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def add(self, follower: Follower[T]) -> None:
        self._all.add(follower)
        for key in _keys(follower):
            self._by_key[key].add(follower)

    def discard(self, follower: Follower[T]) -> None:
        """Forget a stream. Call it before the reader's rights are changed."""
        self._all.discard(follower)
        for key in _keys(follower):
            found = self._by_key.get(key, set())
            found.discard(follower)
            if not found:
                self._by_key.pop(key, None)

    def of(self, key: Key) -> Sequence[Follower[T]]:
        """Return the streams of a person, or those that have a conversation open."""
        return list(self._by_key.get(key, ()))

    def near(self, event: Event, place: Place | None) -> set[Follower[T]]:
        """Return the streams that an event may concern: few, without a look at all others."""
        found: set[Follower[T]] = set()
        for key in _keys_of(event, place):
            found |= self._by_key.get(key, set())
        return found


OVERSEERS, QUEUES, PEOPLE = ("overseers",), ("queues",), ("people",)
"""Keys of streams that are told of all, of all that waits, and of everybody's state."""


def _keys(follower: Follower[T]) -> list[Key]:
    interest, caller = follower.wanted.interest, follower.reader.caller
    sees_all = caller.sees_all
    keys: list[Key] = []
    if follower.agent_id is not None:
        keys.append(("agent", follower.agent_id))
    if interest.conversation_id is not None:
        keys.append(("conversation", interest.conversation_id))
    if interest.people:
        keys.append(PEOPLE)
    if sees_all and interest.everything:
        keys.append(OVERSEERS)
    if interest.queue and sees_all:
        keys.append(QUEUES)
    if interest.queue and not sees_all:
        keys += [("skill", skill_id) for skill_id in follower.reader.skills]
    if caller.led and (interest.everything or interest.queue):
        keys += [("led", one) for one in (*caller.led.skills, *caller.led.people)]
    return keys


def _keys_of(event: Event, place: Place | None) -> list[Key]:
    keys: list[Key] = [OVERSEERS]
    if event.kind in OF_PEOPLE:
        keys.append(PEOPLE)
    if event.agent_id is not None:
        keys.append(("agent", event.agent_id))
    if place is None:
        return [*keys, ("led", str(event.data["subject"]))] if event.kind in ALERTS else keys
    led = {event.agent_id, place.its_skill, *place.holders, *place.waited_for} - {None}
    keys += [("led", one) for one in led]
    keys.append(("conversation", event.conversation_id))
    keys += [("agent", agent_id) for agent_id in place.agents]
    if place.requested is not None:
        keys.append(("agent", place.requested))
    skills = {*place.waited_for, *([place.skill_id] if place.skill_id else ())}
    if skills:
        keys += [QUEUES, *(("skill", skill_id) for skill_id in skills)]
    return keys
