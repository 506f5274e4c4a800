"""Keeps what was said to providers and by them, behind the back of whoever said it.

To keep an exchange is to redact it and queue it in memory: no send and no webhook waits for the
database, or fails because of it. A task writes what is queued, many exchanges in one statement. A
process that is killed loses what it has not written, at most about a second's exchanges.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from uuid import UUID, uuid4

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import exchanges
from database.queries.exchanges import CountedRefusals
from domain.delivery.exchanges import Exchange, ExchangeKind
from providers.calls import CallMade, remembered
from providers.contract import SendError
from providers.credentials import Credentials, secrets_of
from tracing.redaction import redacted, redacted_answer, redacted_url

MOST_QUEUED = 2_000
"""Exchanges in memory, of up to nine kilobytes. Later ones are dropped while PostgreSQL is away."""
WRITTEN_AT_ONCE = 200
PAUSE_SECONDS = 0.5
"""Between two statements, so that many exchanges share one. Ours."""
FAILED_PAUSE_SECONDS = 2.0
CLOSES_WITHIN = 2.0
"""Seconds in which a stopping process still writes. Ours."""
MOST_LINES = 1_000
"""Lines whose refused webhooks are counted in memory at once. Ours."""
SAMPLE = 4_096
"""Bytes of a refused webhook that are looked into: anybody can send them."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class About:
    """Whose exchange it is, and what for."""

    kind: ExchangeKind
    account_id: str
    connector_id: str
    line_id: str | None = None
    message_id: UUID | None = None
    provider_message_id: str | None = None


@dataclass
class Trace:
    """Keeps exchanges. Run `run` beside it in every process that sends or receives."""

    sessions: Sessions
    _queued: deque[Exchange] = field(default_factory=deque, init=False, repr=False)
    _refused: dict[str, CountedRefusals] = field(default_factory=dict, init=False, repr=False)
    _dropped: int = field(default=0, init=False)

    @contextmanager
    def of_calls(
        self, about: About, credentials: Credentials, words: Collection[str] = ()
    ) -> Iterator[None]:
        """Keep the calls to a provider made inside. `words`: texts that may be in them."""
        outcome: str | None = None
        with remembered() as calls:
            try:
                yield
            except SendError as error:
                outcome = error.code
                raise
            finally:
                for call in calls:
                    self.keep(partial(_of_call, about, call, credentials, words, outcome))

    def keep(self, make: Callable[[], Exchange]) -> None:
        """Keep an exchange. It is made here, so that no fault in it reaches the caller."""
        if len(self._queued) >= MOST_QUEUED:
            self._dropped += 1
            return
        with _never_failing("exchange"):
            self._queued.append(make())

    def refused(self, line_id: str, reason: str, sample: Callable[[], str]) -> None:
        """Count a webhook that the line's provider did not sign; the first of many is kept."""
        now = datetime.now(UTC)
        known = self._refused.get(line_id)
        if known:
            self._refused[line_id] = replace(known, last_at=now, times=known.times + 1)
        elif len(self._refused) < MOST_LINES:
            with _never_failing("refused"):
                made = CountedRefusals(line_id, now, now, 1, reason, sample())
                self._refused[line_id] = made

    async def run(self, pause: float = PAUSE_SECONDS) -> None:
        """Write what is queued, every `pause` seconds, until cancelled; then write the rest."""
        try:
            while True:
                await asyncio.sleep(pause)
                try:
                    await self.write()
                except NOT_DONE as error:
                    log.warning("exchanges_not_written", error=type(error).__name__)
                    await asyncio.sleep(FAILED_PAUSE_SECONDS)
        except asyncio.CancelledError:
            with suppress(TimeoutError, *NOT_DONE):
                async with asyncio.timeout(CLOSES_WITHIN):
                    await self.write()
            raise

    async def write(self) -> None:
        """Write everything that is queued. Raises the errors of the database."""
        if self._dropped:
            log.warning("exchanges_dropped", count=self._dropped)
            self._dropped = 0
        while self._queued:
            batch = [self._queued[index] for index in range(self._size())]
            await self._add(batch)
            for _ in batch:
                self._queued.popleft()
        if self._refused:
            counted, self._refused = self._refused, {}
            try:
                await exchanges.count_refusals(self.sessions.direct, counted.values())
            except NOT_DONE:
                self._refused = counted | self._refused
                raise

    async def _add(self, batch: list[Exchange]) -> None:
        """Write exchanges. What the database never takes is dropped, or the rest would wait."""
        try:
            await exchanges.add(self.sessions.direct, batch)
        except NOT_DONE:
            raise
        except Exception as error:
            log.error("exchange_not_kept", what="rows", error=type(error).__name__)

    def _size(self) -> int:
        return min(len(self._queued), WRITTEN_AT_ONCE)


@contextmanager
def _never_failing(what: str) -> Iterator[None]:
    """Let no fault in keeping something reach those who send and receive."""
    try:
        yield
    except Exception as error:
        log.error("exchange_not_kept", what=what, error=type(error).__name__)


def _of_call(
    about: About,
    call: CallMade,
    credentials: Credentials,
    words: Collection[str],
    outcome: str | None,
) -> Exchange:
    hidden = (*words, *secrets_of(credentials))
    answer = call.answer
    content = answer.content_type if answer else ""
    body = answer.body.decode("utf-8", "replace") if answer else ""
    return Exchange(
        id=uuid4(),
        account_id=about.account_id,
        connector_id=about.connector_id,
        line_id=about.line_id,
        message_id=about.message_id,
        provider_message_id=about.provider_message_id,
        kind=about.kind,
        at=call.at,
        milliseconds=round(call.took.total_seconds() * 1000),
        method=call.method,
        url=redacted_url(call.url),
        request=redacted(call.body, hidden=hidden),
        status=answer.status if answer else None,
        answer=redacted_answer(body, content, hidden),
        outcome=outcome,
    )
