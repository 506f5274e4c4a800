"""Hands stored texts over to their conversations, after the webhook was answered (ADR 0014).

A single text is handed over as it was received. Texts that gather in a thread meanwhile are read
from the database in order of arrival and handed over together, so that a burst of texts takes one
signal and one step.
"""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries.events import CHANNEL_INBOUND, notify
from database.queries.inbound import PendingThread
from domain.conversation.inputs import ReceivedText
from domain.errors import Unavailable
from ingress.breaker import Breaker
from ingress.pending import hand_over_texts, hand_over_waiting
from ingress.receiving import StoredText
from temporal.conversations import ConversationClient

MOST_THREADS = 20_000
"""Threads that one process queues in memory; the sweeper hands over the rest. Ours."""
READ_ANEW_AFTER = 3.0
"""Seconds after which the sweeper may have handed over a queued text: below its `OVERDUE`."""

CLOSES_WITHIN = 5.0
"""Seconds for which a stopping process still hands texts over. Ours."""

log = structlog.stdlib.get_logger()

Key = tuple[str, UUID]
"""A line and a consumer."""


@dataclass(frozen=True)
class QueuedThread:
    """A thread with texts to hand over.

    `text`: set when it is the thread's only pending text as far as this process knows.
    """

    thread: PendingThread
    text: ReceivedText | None
    since: float = field(default_factory=time.monotonic)

    @property
    def is_young(self) -> bool:
        return time.monotonic() - self.since < READ_ANEW_AFTER


class Handover:
    """Hands over received texts in the background. The sweeper takes over whatever fails here.

    `at_once`: threads handed over in parallel. More would only queue up in Temporal, and take
    processor time away from receiving texts.
    """

    def __init__(
        self,
        sessions: Sessions,
        conversations: ConversationClient,
        breaker: Breaker,
        *,
        at_once: int,
    ) -> None:
        self._sessions = sessions
        self._conversations = conversations
        self._breaker = breaker
        self._at_once = at_once
        self._queued: dict[Key, QueuedThread] = {}
        self._under_way: set[Key] = set()
        self._workers: set[asyncio.Task[None]] = set()

    def add(self, stored: StoredText) -> None:
        """Queue a text for hand-over, behind the pending texts of its thread."""
        key = (stored.thread.line_id, stored.thread.consumer_id)
        if len(self._queued) >= MOST_THREADS and key not in self._queued:
            log.warning("texts_left_to_sweeper", line=stored.thread.line_id)
            return
        is_alone = (
            not stored.earlier_waits and key not in self._queued and key not in self._under_way
        )
        before = self._queued.get(key)
        since = before.since if before else time.monotonic()
        self._queued[key] = QueuedThread(stored.thread, stored.text if is_alone else None, since)
        if len(self._workers) < self._at_once:
            worker = asyncio.create_task(self._work())
            self._workers.add(worker)

    async def settle(self) -> None:
        """Wait until every queued text is handed over or left to the sweeper."""
        while self._workers:
            await asyncio.wait(self._workers)

    async def close(self) -> None:
        """Finish within `CLOSES_WITHIN`; the sweeper hands over the rest."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSES_WITHIN):
                await self.settle()
        self._queued.clear()
        await self.settle()

    async def _work(self) -> None:
        try:
            while (key := self._next()) is not None:
                await self._take(key)
        finally:  # no await since the last look, so `add` sees this worker as gone
            self._workers -= {asyncio.current_task()}

    async def _take(self, key: Key) -> None:
        queued = self._queued.pop(key)
        self._under_way.add(key)
        try:
            await self._hand_over(queued)
        finally:
            self._under_way.discard(key)

    def _next(self) -> Key | None:
        """Return the next thread that no worker handles: two would break the order of its texts."""
        return next((key for key in self._queued if key not in self._under_way), None)

    async def _hand_over(self, queued: QueuedThread) -> None:
        if self._breaker.is_open:
            await self._leave(queued.thread)
            return
        try:
            await self._try(queued)
        except Unavailable:
            self._breaker.failed()
            await self._leave(queued.thread)
        except NOT_DONE:
            log.warning("texts_left_to_sweeper", line=queued.thread.line_id)
        except Exception:
            log.exception("hand_over_failed", line=queued.thread.line_id)
        else:
            self._breaker.worked()

    async def _try(self, queued: QueuedThread) -> None:
        direct, conversations = self._sessions.direct, self._conversations
        if queued.text and queued.is_young:
            await hand_over_texts(direct, conversations, queued.thread, [queued.text])
        else:
            await hand_over_waiting(direct, conversations, queued.thread)

    async def _leave(self, thread: PendingThread) -> None:
        log.warning("texts_left_to_sweeper", line=thread.line_id)
        try:
            async with self._sessions.begin() as session:
                await notify(session, CHANNEL_INBOUND, thread.account_id)
        except NOT_DONE:
            return  # the sweeper also looks periodically
