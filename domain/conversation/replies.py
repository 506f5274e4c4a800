"""An agent's reply to the consumer, whether sent at once or scheduled."""

from datetime import datetime

from domain.conversation import response_clock
from domain.conversation.effects import MediaRef
from domain.conversation.inputs import Person
from domain.conversation.kinds import Author, PendingSide, Status
from domain.conversation.queueing import Queueing
from domain.conversation.step_context import StepContext
from domain.delivery.message_status import MessageStatus
from domain.text.questions import has_question_mark


class Replies:
    """Writes agents' texts and stops the clocks that they answer."""

    def __init__(self, conversation: StepContext, queue: Queueing) -> None:
        self._conversation = conversation
        self._queue = queue

    def write(
        self,
        person: Person,
        text: str,
        key: str | None,
        now: datetime,
        *,
        message_id: str | None = None,
        media: tuple[MediaRef, ...] = (),
    ) -> str:
        """Write a reply to the consumer. Returns the message's id."""
        state = self._conversation.state
        state.pending_side = PendingSide.consumer
        state.waiting_since = None
        state.quiet_since = state.agent_wrote_at = now
        state.agent_asked = has_question_mark(text)
        state.transfers_in_a_row = 0
        due_at = state.response_due_at
        response_clock.stop(state)
        if state.status is Status.waiting and not state.is_with_bot:
            # It still waits for an agent, who must continue it.
            self._queue.expect_answer(now)
        written = self._conversation.write(
            Author.agent,
            text,
            now,
            message_id=message_id,
            status=MessageStatus.queued,
            agent_id=person.agent_id,
            agent_name=person.name,
            command_key=key,
            media=media,
        )
        self._conversation.was_due(due_at)
        return written
