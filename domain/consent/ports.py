"""What the rest of the product asks of conversations without knowing how they run."""

from typing import Protocol


class OptOutReceiver(Protocol):
    """Conversations that can be told of an opt-out: `temporal.conversations.Conversations`."""

    async def opted_out(self, workflow: str, conversation_id: str | None = None) -> bool:
        """Tell a conversation of an opt-out; safe to repeat. False: no workflow of it runs.

        Raises `Unavailable`.
        """
        ...
