"""Handing over what waits: a thread's texts in the order of their arrival."""

from typing import Protocol

from database.engine import Sessions
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
from workflows.conversations import Thread
from workflows.messages import ConsumerTexted, MediaItem

AT_ONCE = 100
"""Texts of one thread handed over in one transaction."""


class TakesTexts(Protocol):
    """Conversations, as the intake sees them: `workflows.conversations.Conversations`."""

    async def hand_over(self, thread: Thread, text: ConsumerTexted) -> None:
        """Give a text to its conversation, durably. Raises `Unavailable`."""
        ...


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
            await mark_handed_over(session, [text.id])
    if refusal:
        raise refusal


def thread_of(thread: WaitingThread) -> Thread:
    """Return the conversation thread a text belongs to."""
    return Thread(
        account_id=thread.account_id,
        line_id=thread.line_id,
        consumer_id=consumer_id(thread.consumer_id),
        summary=f"{thread.number} on {thread.line_name}",
        skill_id=thread.entry_skill_id,
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
