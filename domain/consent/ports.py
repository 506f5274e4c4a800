"""Ports through which other parts reach conversations without knowing how they run."""

from typing import Protocol


class OptOutReceiver(Protocol):
    """Receives opt-outs for conversations: `temporal.conversations.ConversationClient`."""

    async def opted_out(
        self, workflow: str, conversation_id: str | None = None, *, is_block: bool = False
    ) -> bool:
        """Report an opt-out to a conversation; safe to repeat. False: its workflow does not run.

        `is_block`: a manager has blocked the consumer instead.

        Raises `Unavailable`.
        """
        ...
