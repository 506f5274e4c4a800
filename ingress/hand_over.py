"""From the database to the conversation, behind the webhook's answer (ADR 0014).

A text that is alone goes as it came. What gathers in its thread meanwhile goes together, read anew
in the order of its arrival, so that under a burst many texts take one signal and one step.
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
from ingress.pending import TakesTexts, hand_over_texts, hand_over_waiting
from ingress.receiving import StoredText

MOST_THREADS = 20_000
"""Threads one process keeps in mind; texts of others are found by the sweeper."""
READ_ANEW_AFTER = 3.0
"""Seconds after which a text in mind may have been handed over by a sweeper."""

CLOSES_WITHIN = 5.0
"""Seconds a stopping process still hands over."""

log = structlog.stdlib.get_logger()

Key = tuple[str, UUID]
"""A line and a consumer."""


@dataclass(frozen=True)
class QueuedThread:
    """A thread's place in line. `text`: the only one that waits there, as far as is known."""

    thread: PendingThread
    text: ReceivedText | None
    since: float = field(default_factory=time.monotonic)

    @property
    def is_young(self) -> bool:
        return time.monotonic() - self.since < READ_ANEW_AFTER


class Handover:
    """Hands over what the door has taken. What fails here is left to the sweeper, never lost.

    `at_once`: threads handed over at the same time. More would wait for each other in a Temporal
    close by, and take from the door what it needs to take texts in.
    """

    def __init__(
        self, sessions: Sessions, conversations: TakesTexts, breaker: Breaker, *, at_once: int
    ) -> None:
        self._sessions = sessions
        self._conversations = conversations
        self._breaker = breaker
        self._at_once = at_once
        self._turns: dict[Key, QueuedThread] = {}
        self._in_hand: set[Key] = set()
        self._workers: set[asyncio.Task[None]] = set()

    def add(self, taken: StoredText) -> None:
        """Have a text handed over soon, after those of its thread that still wait."""
        key = (taken.thread.line_id, taken.thread.consumer_id)
        if len(self._turns) >= MOST_THREADS and key not in self._turns:
            log.warning("texts_left_to_sweeper", line=taken.thread.line_id)
            return
        is_alone = not taken.earlier_waits and key not in self._turns and key not in self._in_hand
        before = self._turns.get(key)
        since = before.since if before else time.monotonic()
        self._turns[key] = QueuedThread(taken.thread, taken.text if is_alone else None, since)
        if len(self._workers) < self._at_once:
            worker = asyncio.create_task(self._work())
            self._workers.add(worker)

    async def settle(self) -> None:
        """Wait until all that was given is handed over, or left to the sweeper."""
        while self._workers:
            await asyncio.wait(self._workers)

    async def close(self) -> None:
        """Finish within some seconds; what is not handed over by then is left to the sweeper."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSES_WITHIN):
                await self.settle()
        self._turns.clear()
        await self.settle()

    async def _work(self) -> None:
        try:
            while (key := self._next()) is not None:
                await self._take(key)
        finally:  # no await since the last look: a text that comes now finds one hand fewer
            self._workers -= {asyncio.current_task()}

    async def _take(self, key: Key) -> None:
        turn = self._turns.pop(key)
        self._in_hand.add(key)
        try:
            await self._hand_over(turn)
        finally:
            self._in_hand.discard(key)

    def _next(self) -> Key | None:
        """Return whose turn it is: one hand at a time per thread, else the order would be luck."""
        return next((key for key in self._turns if key not in self._in_hand), None)

    async def _hand_over(self, turn: QueuedThread) -> None:
        if self._breaker.is_open:
            await self._leave(turn.thread)
            return
        try:
            await self._try(turn)
        except Unavailable:
            self._breaker.failed()
            await self._leave(turn.thread)
        except NOT_DONE:
            log.warning("texts_left_to_sweeper", line=turn.thread.line_id)
        except Exception:
            log.exception("handing_over_failed", line=turn.thread.line_id)
        else:
            self._breaker.worked()

    async def _try(self, turn: QueuedThread) -> None:
        direct, conversations = self._sessions.direct, self._conversations
        if turn.text and turn.is_young:
            await hand_over_texts(direct, conversations, turn.thread, [turn.text])
        else:
            await hand_over_waiting(direct, conversations, turn.thread)

    async def _leave(self, thread: PendingThread) -> None:
        log.warning("texts_left_to_sweeper", line=thread.line_id)
        try:
            async with self._sessions.begin() as session:
                await notify(session, CHANNEL_INBOUND, thread.account_id)
        except NOT_DONE:
            return  # the sweeper looks by itself too
