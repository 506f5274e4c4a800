"""Recent failed log-ins: they stop people who guess passwords, and nobody else.

Only failures count, for all processes together. There are three measures:

- One client that tries one e-mail address is refused after ten failures, even with the right
  password.
- Many failures with one e-mail address, or from one client, slow attempts down and refuse none.
  A whole contact centre may share one address, and anybody who knows an e-mail address could
  otherwise lock its owner out.
- A browser with an earlier successful log-in has a mark and a count of its own, and is not slowed.
  The mark is for one person, and of no use to others with the same e-mail address.
"""

import asyncio
import hashlib
import ipaddress
import secrets
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from api.clock import utc_now
from api.errors import CodesLocked, TooManyAttempts
from database.direct import Direct
from database.queries import log_in_failures
from security.signatures import Signatures
from services.errors import WrongLogIn

LASTS = timedelta(minutes=5)
"""How long a failure counts."""
MOST_OF_BOTH = 10
"""Failures of one client or browser with one e-mail address."""
MOST_CODES = 50
"""Wrong codes of one person within a day, by all clients. Ours: guessing for years is in vain."""
CODES_LAST = timedelta(days=1)
MANY_OF_CLIENT = 100
MANY_OF_EMAIL = 50
SLOW_SECONDS = 1.0
SLOWED_AT_ONCE = 5
"""Attempts of one slowed client, or for one slowed e-mail address, at the same time."""
MAILS_LAST = timedelta(minutes=30)
"""How long a mailed link counts: less than failures are kept."""
MOST_MAILS = 3
"""Links that anybody can have mailed to one e-mail address."""
MOST_MAILS_OF_CLIENT = 100
"""Links that one client can have mailed: a whole contact centre may share one address."""
MOST_REMEMBERED = 50_000
"""Pairs that succeeded: memory is bounded."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Failures:
    """Recent failures in the database, by what they are counted for."""

    direct: Direct
    clock: Callable[[], datetime]

    async def take(self, what: str, most: int, lasts: timedelta = LASTS) -> datetime | None:
        """Count an attempt, and return its time; None if there are too many."""
        now = self.clock()
        taken = await log_in_failures.take(self.direct, what, now, now - lasts, most)
        return now if taken else None

    async def of(self, *whats: str) -> Mapping[str, int]:
        """Return how many there are."""
        return await log_in_failures.counts(self.direct, whats, self.clock() - LASTS)

    async def add(self, what: str) -> datetime | None:
        """Count a failure, and return its time; None: there are so many that it says nothing."""
        return await self.take(what, MANY_OF_CLIENT)

    async def take_back(self, what: str, at: datetime | None) -> None:
        """Forget one that was no failure."""
        if at is not None:
            await log_in_failures.take_back(self.direct, [what], at)


@dataclass(frozen=True)
class Attempt:
    """An attempt to log in: the client, the e-mail address, and the mark of a known browser."""

    client: str
    email: str
    mark: str | None = None

    @property
    def pair(self) -> str:
        return f"{self.mark or self.client} {self.email}"


@dataclass
class Attempts:
    """The attempts of this process, whose failures all processes count. `pause`: for seconds."""

    signatures: Signatures
    """Of the marks of browsers."""
    direct: Direct
    clock: Callable[[], datetime] = utc_now
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    _failures: Failures = field(init=False)
    _slowed: Counter[str] = field(default_factory=Counter, init=False)
    _succeeded: OrderedDict[str, None] = field(default_factory=OrderedDict, init=False)

    _is_warned: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._failures = Failures(self.direct, self.clock)

    def attempt_of(
        self, host: str | None, email: str, mark: str | None, person: str | None = None
    ) -> Attempt:
        """Return an attempt, with its texts as hashes.

        `person`: the only person it can be, None for nobody or several.
        """
        is_ours = mark is not None and person is not None and self._is_mark(mark, person)
        known = _short(email.strip().lower())
        return Attempt(_short(_network(host)), known, _short(mark or "") if is_ours else None)

    def look_at_proxy(self, host: str | None, forwarded: str | None) -> None:
        """Warn once about a proxy that is not trusted: behind it, all clients look like one."""
        if self._is_warned or not host or not forwarded or not _is_private(host):
            return
        if host not in [each.strip() for each in forwarded.split(",")]:
            self._is_warned = True
            log.warning("proxy_not_believed", set="FORWARDED_ALLOW_IPS")

    def new_mark(self, person: str) -> str:
        """Return a mark for a browser after a successful log-in."""
        nonce = secrets.token_urlsafe(12)
        return f"{nonce}.{self.signatures.sign(_marked(nonce, person))}"

    async def count_guess(self, attempt: Attempt) -> None:
        """Count an attempt that was right for one of several people with this e-mail address.

        Somebody with the address in an account of their own could guess another's password.
        """
        for what in (attempt.pair, attempt.email, attempt.client):
            await self._failures.add(what)

    @asynccontextmanager
    async def counted(self, attempt: Attempt) -> AsyncIterator[None]:
        """Count an attempt that ends with `WrongLogIn`. Raises `TooManyAttempts`."""
        async with self._once_more(attempt.pair):
            await self._slow_down(attempt)
            # While it lasts, so that many at once count.
            lasting = await self._failures.add(attempt.email)
            try:
                yield
            except WrongLogIn:
                await self._failures.add(attempt.client)
                raise
            except BaseException:
                await self._failures.take_back(attempt.email, lasting)
                raise
            await self._failures.take_back(attempt.email, lasting)
            self._remember(attempt.pair)

    async def may_mail(self, host: str | None, email: str) -> bool:
        """Count a link to be mailed; says whether it may be. Nobody's address counts as well."""
        attempt = self.attempt_of(host, email, None)
        limits = (attempt.client, MOST_MAILS_OF_CLIENT), (attempt.email, MOST_MAILS)
        for what, most in limits:
            if await self._failures.take(f"mail {what}", most, MAILS_LAST) is None:
                return False
        return True

    @asynccontextmanager
    async def of_one(self, agent_id: str) -> AsyncIterator[None]:
        """Count an attempt of a person who is logged in. Raises `TooManyAttempts`."""
        async with self._once_more(f"own {agent_id}"):
            yield

    @asynccontextmanager
    async def of_codes(self, agent_id: str) -> AsyncIterator[None]:
        """Count a code of a person. Raises `TooManyAttempts`, and `CodesLocked` for a day."""
        day = log_in_failures.codes_of(agent_id)
        async with (
            self._once_more(f"own code {agent_id}"),
            self._once_more(day, MOST_CODES, CODES_LAST, CodesLocked),
        ):
            yield

    async def is_first_lock(self, agent_id: str) -> bool:
        """Say whether nobody was told yet that a person's codes are locked today."""
        return await self._failures.take(f"told {agent_id}", 1, CODES_LAST) is not None

    @asynccontextmanager
    async def _once_more(
        self,
        pair: str,
        most: int = MOST_OF_BOTH,
        lasts: timedelta = LASTS,
        refusal: type[TooManyAttempts] = TooManyAttempts,
    ) -> AsyncIterator[None]:
        lasting = await self._failures.take(pair, most, lasts)
        if lasting is None:
            raise refusal
        try:
            yield
        except WrongLogIn:
            raise
        except BaseException:
            await self._failures.take_back(pair, lasting)
            raise
        await self._failures.take_back(pair, lasting)

    async def _slow_down(self, attempt: Attempt) -> None:
        if attempt.mark or attempt.pair in self._succeeded:
            return
        found = await self._failures.of(attempt.client, attempt.email)
        most = {attempt.client: MANY_OF_CLIENT, attempt.email: MANY_OF_EMAIL}
        many = [what for what, count in found.items() if count >= most[what]]
        if any(self._slowed[what] >= SLOWED_AT_ONCE for what in many):
            raise TooManyAttempts
        if not many:
            return
        self._slowed.update(many)
        try:
            await self.pause(SLOW_SECONDS)
        finally:
            self._slowed.subtract(many)
            self._slowed += Counter()  # drops those at zero

    def _remember(self, pair: str) -> None:
        self._succeeded[pair] = None
        self._succeeded.move_to_end(pair)
        if len(self._succeeded) > MOST_REMEMBERED:
            self._succeeded.popitem(last=False)

    def _is_mark(self, mark: str, person: str) -> bool:
        nonce, _, signature = mark.partition(".")
        return self.signatures.is_ours(_marked(nonce, person), signature)


def _marked(nonce: str, person: str) -> bytes:
    return f"browser/{nonce}/{person}".encode()


def _network(host: str | None) -> str:
    """Return what counts as one client: for IPv6, a subscriber's whole network."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return host or "unknown"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _is_private(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
