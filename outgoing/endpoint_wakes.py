"""Wakes endpoints when their account has events: in this process, or through their workflow.

Each worker process runs this task. Whoever claims an endpoint in the database wakes it, once.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.listen import wakeups
from database.queries import endpoint_wakes
from database.queries.events import CHANNEL_EVENTS
from domain.errors import Unavailable

SWEEP_SECONDS = 60.0
"""Ours: an event whose notification was lost waits no longer."""
GATHER_SECONDS = 0.1
"""Ours: events of one step, and of many conversations, wake an endpoint once."""
WOKEN_AT_ONCE = 16
"""Each is a request to Temporal. Ours."""

log = structlog.stdlib.get_logger()


class Following:
    """Runs in this process that wait for events of their account."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)

    @contextmanager
    def following(self, account_id: str) -> Iterator[asyncio.Event]:
        """Yield an event that is set whenever the account may have news."""
        event = asyncio.Event()
        self._waiting[account_id].add(event)
        try:
            yield event
        finally:
            self._waiting[account_id].discard(event)
            if not self._waiting[account_id]:
                del self._waiting[account_id]

    def wake(self, account_ids: Collection[str] | None = None) -> None:
        """Wake the runs of some accounts, or all."""
        for account_id in list(self._waiting) if account_ids is None else account_ids:
            for event in self._waiting.get(account_id, ()):
                event.set()


@dataclass(frozen=True)
class EndpointWakes:
    """A worker's task that wakes endpoints. `wake`: their workflow. Raises `Unavailable`."""

    sessions: Sessions
    database_url: str
    wake: Callable[[str], Awaitable[None]]
    here: Following = field(default_factory=Following)

    async def run(self) -> None:
        """Wake endpoints until cancelled."""
        async with wakeups(self.database_url, CHANNEL_EVENTS, name="switchboard-endpoints") as news:
            clock, swept_at = asyncio.get_running_loop(), float("-inf")
            while True:
                account_ids = await news.next(SWEEP_SECONDS)
                # None: notifications may have been lost, or there was none for a while.
                self.here.wake(account_ids or None)
                is_due = not account_ids or clock.time() - swept_at > SWEEP_SECONDS
                await self._see_to(account_ids, sweeps=is_due)
                swept_at = clock.time() if is_due else swept_at
                await asyncio.sleep(GATHER_SECONDS)

    async def _see_to(self, account_ids: Collection[str], *, sweeps: bool) -> None:
        try:
            await (self.sweep() if sweeps else self.look(account_ids))
        except NOT_DONE as error:
            log.warning("endpoints_not_woken", error=type(error).__name__)

    async def look(self, account_ids: Collection[str]) -> None:
        """Wake the endpoints of some accounts that have something to do."""
        async with self.sessions.begin() as session:
            claimed = await endpoint_wakes.claim(session, account_ids)
        await self._wake(claimed)

    async def sweep(self) -> None:
        """Look at all accounts, and at endpoints whose workflow must have been lost."""
        async with self.sessions.begin() as session:
            lost = await endpoint_wakes.claim_lost(session)
            account_ids = await endpoint_wakes.accounts(session)
        if lost:
            log.warning("endpoints_lost", endpoints=len(lost))
        await self._wake(lost)
        await self.look(account_ids)

    async def _wake(self, endpoint_ids: Sequence[str]) -> None:
        slots = asyncio.Semaphore(WOKEN_AT_ONCE)

        async def wake(endpoint_id: str) -> None:
            async with slots:
                try:
                    await self.wake(endpoint_id)
                except Unavailable:
                    log.warning("endpoints_not_woken", error="Unavailable")
                    async with self.sessions.begin() as session:
                        await endpoint_wakes.unclaim(session, endpoint_id)

        await asyncio.gather(*(wake(endpoint_id) for endpoint_id in endpoint_ids))
