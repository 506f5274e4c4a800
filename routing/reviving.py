"""Restarts workflows that are gone although their conversation is recorded as open.

However a workflow ended (terminated, lost with its namespace, completed by a bug), it is started
again and adopts the newest recorded step. To end a conversation, an operator cancels its workflow.
"""

from dataclasses import dataclass
from uuid import UUID

import structlog

from database.engine import Sessions
from database.queries.watches import WatchedThread, thread_of
from domain.errors import Unavailable
from temporal.conversations import ConversationClient, Thread

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Reviving:
    """Has workflows continue from what the database has recorded."""

    sessions: Sessions
    conversations: ConversationClient

    async def revive(self, conversation_id: UUID) -> None:
        """Restart a conversation's workflow. If Temporal is away, a watch does it later."""
        thread = await thread_of(self.sessions.direct, conversation_id)
        if thread is None:
            return
        try:
            await self.look_again(thread)
        except Unavailable:
            log.warning("not_revived", conversation_id=str(conversation_id))

    async def look_again(self, thread: WatchedThread) -> None:
        """Have a thread's workflow read what is recorded. Raises `Unavailable`."""
        log.warning("looks_again", conversation_id=str(thread.conversation_id))
        await self.conversations.look_again(
            Thread(
                account_id=thread.account_id,
                line_id=thread.line_id,
                consumer_id=str(thread.consumer_id),
                summary=thread.summary,
                skill_id=thread.skill_id,
            )
        )
