"""Hands over a thread's pending texts together, in order of arrival."""

from collections.abc import Sequence
from dataclasses import replace

import structlog

from database.away import NOT_DONE
from database.direct import Direct
from database.engine import Sessions
from database.queries.inbound import PendingThread, mark_handed_over, texts_of, try_lock_thread
from domain.conversation.inputs import ReceivedText
from domain.courtesies.reading import courtesy_in
from temporal.conversations import ConversationClient, Thread

AT_ONCE = 20
"""Texts handed over in one signal. Ours: 20 texts of the greatest length are about 100 kB."""

log = structlog.stdlib.get_logger()


async def hand_over_alone(
    sessions: Sessions, conversations: ConversationClient, thread: PendingThread
) -> None:
    """Hand over a thread's pending texts, unless another process does. Raises `Unavailable`."""
    async with sessions.begin() as session:
        if await try_lock_thread(session, thread.line_id, thread.consumer_id):
            await hand_over_waiting(sessions.direct, conversations, thread)


async def hand_over_waiting(
    direct: Direct, conversations: ConversationClient, thread: PendingThread
) -> None:
    """Hand over a thread's pending texts in order of arrival. Raises `Unavailable`.

    Two processes may do so at once. Each starts with the oldest unmarked text, so a conversation
    never receives a text before those that arrived earlier.
    """
    while True:
        who = (thread.line_id, thread.consumer_id)
        stored = await texts_of(direct, *who, limit=AT_ONCE)
        texts = [replace(text, courtesy=courtesy_in(text.text)) for text in stored]
        if not texts or not await hand_over_texts(direct, conversations, thread, texts):
            return
        if len(texts) < AT_ONCE:
            return


async def hand_over_texts(
    direct: Direct,
    conversations: ConversationClient,
    thread: PendingThread,
    texts: Sequence[ReceivedText],
) -> bool:
    """Hand over texts of a thread and mark them. Raises `Unavailable`.

    Returns False when the texts could not be marked.
    """
    await conversations.hand_over(thread_of(thread), texts)
    try:
        await mark_handed_over(direct, texts)
    except NOT_DONE as error:
        # They will be handed over again, and their conversation ignores texts it already has.
        log.warning("texts_not_marked", count=len(texts), error=type(error).__name__)
        return False
    return True


def thread_of(thread: PendingThread) -> Thread:
    """Return the conversation thread a text belongs to."""
    return Thread(
        account_id=thread.account_id,
        line_id=thread.line_id,
        consumer_id=str(thread.consumer_id),
        summary=f"{thread.number} on {thread.line_name}",
        skill_id=thread.entry_skill_id,
    )
