"""A line's texts with one consumer, as their workflow is started and shown."""

from dataclasses import dataclass
from datetime import UTC, datetime

from temporalio.common import TypedSearchAttributes

from domain.ids import ConsumerId, LineId, workflow_id
from workflows.conversation.messages import ConversationStart
from workflows.search_attributes import at_start


@dataclass(frozen=True)
class Thread:
    """A line's texts with one consumer. `summary` is for operators, and stored encrypted."""

    account_id: str
    line_id: str
    consumer_id: str
    summary: str | None = None
    skill_id: str | None = None
    """The skill it will probably wait in, shown to operators before the conversation decides."""

    @property
    def workflow_id(self) -> str:
        return workflow_id(LineId(self.line_id), ConsumerId(self.consumer_id))

    def details(self, public_url: str | None) -> str | None:
        """Return the way back to the pages, which operators follow from the Temporal UI."""
        if public_url is None:
            return None
        link = f"{public_url}/conversations?consumer={self.consumer_id}"
        return f"[Conversations of this consumer in Switchboard]({link})"

    @property
    def start(self) -> ConversationStart:
        return ConversationStart(
            account_id=self.account_id, line_id=self.line_id, consumer_id=self.consumer_id
        )

    @property
    def search_attributes(self) -> TypedSearchAttributes:
        return at_start(self.account_id, self.line_id, self.skill_id, datetime.now(UTC))
