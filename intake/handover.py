"""From the database to the conversation: at once where nothing earlier waits, else in order."""

import time
from dataclasses import dataclass
from typing import Protocol

import structlog

from database.away import AWAY
from database.engine import Sessions
from database.queries.events import CHANNEL_INBOUND, notify
from database.queries.intake import (
    WaitingText,
    WaitingThread,
    lock_thread,
    mark_handed_over,
    try_lock_thread,
    waiting_texts,
)
from domain.errors import Unavailable
from domain.ids import consumer_id
from domain.words import Keyword
from intake.door import Taken
from workflows.conversations import Thread
from workflows.messages import ConsumerTexted, MediaItem

PATIENCE_MS = 1000
"""How long a webhook waits for the thread's earlier texts."""
AT_ONCE = 100
"""Texts of one thread handed over in one transaction."""
FAILURES_BEFORE_PAUSE = 3
PAUSE_SECONDS = 3.0

log = structlog.stdlib.get_logger()


class TakesTexts(Protocol):
    """Conversations, as the intake sees them: `workflows.conversations.Conversations`."""

    async def hand_over(self, thread: Thread, text: ConsumerTexted) -> None:
        """Give a text to its conversation, durably. Raises `Unavailable`."""
        ...


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


@dataclass(frozen=True)
class Handover:
    """Hands over what the door has taken. What fails here is left to the sweeper, never lost."""

    sessions: Sessions
    conversations: TakesTexts
    breaker: Breaker

    async def hand_over(self, taken: Taken) -> None:
        """Give a text to its conversation, after those of the thread that still wait."""
        if self.breaker.is_open:
            await self._leave(taken)
            return
        try:
            await self._try(taken)
        except Unavailable:
            self.breaker.failed()
            await self._leave(taken)
        except AWAY:
            log.warning("text_left_to_sweeper", inbound_id=str(taken.text.id))
        else:
            self.breaker.worked()

    async def _try(self, taken: Taken) -> None:
        if taken.earlier_waits:
            await hand_over_waiting(
                self.sessions, self.conversations, taken.thread, patience_ms=PATIENCE_MS
            )
            return
        await self.conversations.hand_over(thread_of(taken.thread), signal_of(taken.text))
        async with self.sessions.begin() as session:
            await mark_handed_over(session, taken.text.id)

    async def _leave(self, taken: Taken) -> None:
        log.warning("text_left_to_sweeper", inbound_id=str(taken.text.id))
        try:
            async with self.sessions.begin() as session:
                await notify(session, CHANNEL_INBOUND, taken.thread.account_id)
        except AWAY:
            return  # the sweeper looks by itself too


async def hand_over_waiting(
    sessions: Sessions,
    conversations: TakesTexts,
    thread: WaitingThread,
    *,
    patience_ms: int | None = None,
) -> None:
    """Hand over a thread's waiting texts in the order of their arrival, one hand at a time.

    Without `patience_ms` it does nothing when somebody else is at it. What was handed over is
    marked even if `Unavailable` ends it.
    """
    refusal: Unavailable | None = None
    async with sessions.begin() as session:
        who = (thread.line_id, thread.consumer_id)
        if patience_ms is not None:
            await lock_thread(session, *who, milliseconds=patience_ms)
        elif not await try_lock_thread(session, *who):
            return
        for text in await waiting_texts(session, *who, limit=AT_ONCE):
            try:
                await conversations.hand_over(thread_of(thread), signal_of(text))
            except Unavailable as error:
                refusal = error
                break
            await mark_handed_over(session, text.id)
    if refusal:
        raise refusal


def thread_of(thread: WaitingThread) -> Thread:
    """Return the conversation thread a text belongs to."""
    return Thread(
        account_id=thread.account_id,
        line_id=thread.line_id,
        consumer_id=consumer_id(thread.consumer_id),
        summary=f"{thread.number} on {thread.line_name}",
    )


def signal_of(text: WaitingText) -> ConsumerTexted:
    """Return a stored text as the conversation takes it; the row's id is the message's."""
    return ConsumerTexted(
        message_id=str(text.id),
        text=text.text,
        received_at=text.received_at,
        keyword=Keyword(text.keyword) if text.keyword else None,
        provider_handled=text.provider_handled,
        is_truncated=text.is_truncated,
        media=tuple(MediaItem(url=url, content_type=kind) for url, kind in text.media),
    )
