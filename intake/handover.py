"""From the database to the conversation: at once where nothing earlier waits, else in order."""

import time

import structlog

from database.away import AWAY
from database.engine import Sessions
from database.queries.events import CHANNEL_INBOUND, notify
from domain.errors import Unavailable
from intake.door import Taken
from intake.marks import Marks
from intake.waiting import TakesTexts, hand_over_waiting, signal_of, thread_of

PATIENCE_MS = 1000
"""How long a webhook waits for the thread's earlier texts."""
FAILURES_BEFORE_PAUSE = 3
PAUSE_SECONDS = 3.0

log = structlog.stdlib.get_logger()


class Breaker:
    """After some failures in a row nobody tries for a few seconds, so that webhooks stay quick."""

    def __init__(self) -> None:
        self._failures = 0
        self._closed_again_at = 0.0

    @property
    def is_open(self) -> bool:
        return time.monotonic() < self._closed_again_at

    def failed(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES_BEFORE_PAUSE:
            self._closed_again_at = time.monotonic() + PAUSE_SECONDS

    def worked(self) -> None:
        self._failures = 0


class Handover:
    """Hands over what the door has taken. What fails here is left to the sweeper, never lost."""

    def __init__(self, sessions: Sessions, conversations: TakesTexts, breaker: Breaker) -> None:
        self._sessions = sessions
        self._conversations = conversations
        self._breaker = breaker
        self.marks = Marks(sessions)

    async def hand_over(self, taken: Taken) -> None:
        """Give a text to its conversation, after those of the thread that still wait."""
        if self._breaker.is_open:
            await self._leave(taken)
            return
        try:
            await self._try(taken)
        except Unavailable:
            self._breaker.failed()
            await self._leave(taken)
        except AWAY:
            log.warning("text_left_to_sweeper", inbound_id=str(taken.text.id))
        else:
            self._breaker.worked()

    async def _try(self, taken: Taken) -> None:
        if taken.earlier_waits:
            await hand_over_waiting(
                self._sessions, self._conversations, taken.thread, patience_ms=PATIENCE_MS
            )
            return
        await self._conversations.hand_over(thread_of(taken.thread), signal_of(taken.text))
        self.marks.add(taken.text.id)

    async def _leave(self, taken: Taken) -> None:
        log.warning("text_left_to_sweeper", inbound_id=str(taken.text.id))
        try:
            async with self._sessions.begin() as session:
                await notify(session, CHANNEL_INBOUND, taken.thread.account_id)
        except AWAY:
            return  # the sweeper looks by itself too
