"""How many requests each caller makes in a minute, counted by all API processes together.

No request waits for this or writes anything. A process counts in memory, and every two seconds adds
what it has counted in PostgreSQL, which tells it the sum of all processes. So a caller of several
processes may get some requests more than the limit: what those take in two seconds.

Minutes are those of the clock. While PostgreSQL is away, each process counts for itself.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from api.errors import TooManyRequests
from database.away import NOT_DONE
from database.direct import Direct
from database.queries import request_counts

SECONDS = 60
"""What the limit is counted in."""
SHARE_SECONDS = 2.0
"""How often a process tells the others what it has counted. Ours."""
KEPT = timedelta(minutes=15)
"""How long counts stay. Ours: longer than clocks of processes are apart."""
POLICY = "caller"
"""The name of the limit in the headers."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Standing:
    """How many requests a caller has left, and in how many seconds there are all of them again."""

    limit: int
    left: int
    resets_in: int

    @property
    def headers(self) -> dict[str, str]:
        """Return the fields of the draft's version 11, and those of its first six versions.

        https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/11/
        """
        return {
            "RateLimit-Policy": f'"{POLICY}";q={self.limit};w={SECONDS}',
            "RateLimit": f'"{POLICY}";r={self.left};t={self.resets_in}',
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.resets_in),
        }


@dataclass
class RequestCounts:
    """The requests of this minute. `limit`: of each caller, 0 for none."""

    direct: Direct
    limit: int
    clock: Callable[[], float] = time.time
    _minute: int = field(default=0, init=False)
    _sums: dict[str, int] = field(default_factory=dict, init=False)
    """What all processes had counted when this one last asked."""
    _more: dict[str, int] = field(default_factory=dict, init=False)
    """What this one has counted since."""
    _used: set[str] = field(default_factory=set, init=False)
    """Tokens used since they were last noted."""
    _noted: dict[str, int] = field(default_factory=dict, init=False)
    """The minute in which the use of a token was noted last."""
    _tidied: int = field(default=0, init=False)
    """The minute in which counts of earlier ones were deleted last."""

    def count(self, caller: str) -> Standing | None:
        """Count a request; returns None where nothing is limited. Raises `TooManyRequests`."""
        if not self.limit:
            return None
        now = self.clock()
        self._begin(int(now // SECONDS))
        resets_in = SECONDS - int(now % SECONDS)
        before = self._sums.get(caller, 0) + self._more.get(caller, 0)
        if before >= self.limit:
            raise TooManyRequests(Standing(self.limit, 0, resets_in).headers, resets_in)
        self._more[caller] = self._more.get(caller, 0) + 1
        return Standing(self.limit, self.limit - before - 1, resets_in)

    def use(self, token: str) -> None:
        """Note that a token is used."""
        self._used.add(token)

    async def run(self) -> None:
        """Share what was counted, for ever."""
        while True:
            await asyncio.sleep(SHARE_SECONDS)
            try:
                await self.share()
            except NOT_DONE as error:
                log.warning("requests_not_shared", error=type(error).__name__)

    async def share(self) -> None:
        """Add what this process has counted to what the others have, and learn the sums."""
        minute = int(self.clock() // SECONDS)
        self._begin(minute)
        if minute != self._tidied:
            self._tidied = minute
            await request_counts.forget_after(self.direct, KEPT)
        more = dict(self._more)
        if more:
            sums = await request_counts.add(self.direct, _moment(minute), more)
            if minute == self._minute:  # requests may have been counted meanwhile
                self._sums |= sums
                self._more = {who: n - more.get(who, 0) for who, n in self._more.items()}
                self._more = {who: n for who, n in self._more.items() if n}
        await self._note_uses(minute)

    def _begin(self, minute: int) -> None:
        """Begin a minute, if it is another one than before."""
        if minute != self._minute:
            self._minute, self._sums, self._more = minute, {}, {}

    async def _note_uses(self, minute: int) -> None:
        """Note in which minute tokens were used, once for each minute."""
        self._noted = {token: at for token, at in self._noted.items() if at == minute}
        used, self._used = self._used - self._noted.keys(), set()
        if not used:
            return
        try:
            await request_counts.tokens_used(self.direct, _moment(minute), used)
        except NOT_DONE:
            self._used |= used
            raise
        self._noted |= dict.fromkeys(used, minute)


def _moment(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * SECONDS, UTC)


def told(state: MutableMapping[str, Any]) -> Mapping[str, str]:
    """Return the headers that tell a request's caller how many requests are left."""
    standing = state.get("standing")
    return standing.headers if isinstance(standing, Standing) else {}
