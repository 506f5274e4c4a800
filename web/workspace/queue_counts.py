"""How much waits for the readers of open pages, counted for many of them at once."""

import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from database.direct import Direct
from database.queries import work_counts
from database.queries.work_counts import Waiting
from domain.people.teams import Led
from services.proving import Proven

AGAIN_SECONDS = 1.0
"""How often at most it is counted. Ours: a number in a corner may be a second late."""

Sight = tuple[Led, frozenset[str]]
"""What a manager in teams sees the queue by: their teams, and their own skills."""
T = TypeVar("T")


@dataclass
class _Kept(Generic[T]):
    """What was counted last, of which version of the queue and when (monotonic seconds)."""

    value: T | None = None
    version: int = -1
    at: float = 0.0

    async def read(self, version: int | None, count: Callable[[], Awaitable[T]]) -> T:
        now = time.monotonic()
        is_same = version is not None and version == self.version
        if self.value is None or not (is_same or now - self.at < AGAIN_SECONDS):
            self.at = now  # others that ask meanwhile get what was counted before
            self.value = await count()
            if version is not None:  # of a count that failed nothing is known
                self.version = version
        return self.value


@dataclass(eq=False)
class QueueCounts:
    """Counts once for all readers of an account, and for each manager in teams."""

    _accounts: dict[str, _Kept[Waiting]] = field(default_factory=lambda: defaultdict(_Kept))
    _managers: dict[str, tuple[Sight, _Kept[int]]] = field(default_factory=dict)

    async def seen(self, direct: Direct, reader: Proven, version: int | None = None) -> int:
        """Return how many of the waiting conversations a reader sees, as it was a moment ago."""
        caller, person = reader.caller, reader.caller.person
        if caller.led and person:
            return await self._led(direct, reader, person.agent_id, caller.led, version)
        account_id = caller.account_id
        waiting = await self._accounts[account_id].read(
            version, lambda: work_counts.waiting(direct, account_id)
        )
        if caller.sees_all:
            return waiting.together
        return waiting.seen_by(person.agent_id, reader.skills) if person else 0

    async def _led(
        self, direct: Direct, reader: Proven, agent_id: str, led: Led, version: int | None
    ) -> int:
        account_id, skills = reader.caller.account_id, reader.skills
        of, kept = self._managers.get(agent_id, (None, _Kept[int]()))
        if of != (led, skills):
            kept = _Kept[int]()
        self._managers[agent_id] = (led, skills), kept
        return await kept.read(
            version, lambda: work_counts.waiting_led(direct, account_id, agent_id, skills, led)
        )
