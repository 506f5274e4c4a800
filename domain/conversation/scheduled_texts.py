"""Texts that an agent writes now and that leave later, unless something cancels them before.

A text that is due leaves as a reply of who wrote it, by the rules of replies, also while the
conversation waits in a queue or is with somebody else: the consumer was promised it.
"""

from datetime import datetime, timedelta

from domain.conversation.inputs import Person
from domain.conversation.kinds import CloseReason, EventKind
from domain.conversation.permissions import check_open, check_replies, holds
from domain.conversation.replies import Replies
from domain.conversation.state import ScheduledText
from domain.conversation.step_context import StepContext
from domain.errors import ConversationNotAssigned, Invalid, NotFound, TooManyLater
from domain.people.roles import Role
from domain.text.limits import check_outgoing

SOONEST = timedelta(minutes=1)
LATEST = timedelta(days=90)
MOST = 10
"""Texts of one conversation that may wait."""

ANSWERED = "answered"
CLOSED = "closed"
OPTED_OUT = "opted_out"
CANCELLED = "cancelled"


class ScheduledTexts:
    """The texts that wait for their time."""

    def __init__(self, conversation: StepContext, replies: Replies) -> None:
        self._conversation = conversation
        self._replies = replies

    @property
    def sends_at(self) -> datetime | None:
        """Return when the next text leaves."""
        waiting = self._conversation.state.scheduled if self._is_open else []
        return waiting[0].at if waiting else None

    def check_schedule(self, person: Person, text: str, at: datetime, now: datetime) -> None:
        """Raise the error that scheduling would meet, changing nothing."""
        state = self._conversation.state
        check_outgoing(text)
        check_replies(state, person)
        if not now + SOONEST <= at <= now + LATEST:
            raise Invalid("A text is sent between one minute and 90 days from now.")
        if len(state.scheduled) >= MOST:
            raise TooManyLater(f"{MOST} texts wait to be sent already. Cancel one of them first.")

    def text_scheduled(
        self,
        person: Person,
        text: str,
        at: datetime,
        key: str,
        now: datetime,
        *,
        unless_answered: bool = False,
    ) -> str:
        """Keep an agent's text until `at`. Returns the id, which its message will have too."""
        self.check_schedule(person, text, at, now)
        kept = ScheduledText(
            id=self._conversation.next_message_id(),
            agent_id=person.agent_id,
            agent_name=person.name,
            text=text,
            at=at,
            unless_answered=unless_answered,
            command_key=key,
        )
        state = self._conversation.state
        state.scheduled = sorted([*state.scheduled, kept], key=lambda one: one.at)
        self._conversation.happened(
            EventKind.text_scheduled,
            now,
            agent_id=person.agent_id,
            command_key=key,
            message_id=kept.id,
            at=at.isoformat(),
            unless_answered=unless_answered,
        )
        return kept.id

    def check_cancel(self, person: Person, text_id: str) -> None:
        """Raise the error that cancelling would meet, changing nothing."""
        state = self._conversation.state
        check_open(state)
        kept = next((one for one in state.scheduled if one.id == text_id), None)
        if kept is None:
            raise NotFound("This text does not wait to be sent: it was sent or cancelled.")
        is_theirs = kept.agent_id == person.agent_id or holds(state, person)
        if not (is_theirs or person.supervises):
            raise ConversationNotAssigned

    def text_cancelled(self, person: Person, text_id: str, key: str, now: datetime) -> None:
        """Let a text not leave: who wrote it, who holds the conversation, or a manager says so."""
        self.check_cancel(person, text_id)
        self._cancel([text_id], CANCELLED, now, agent_id=person.agent_id, command_key=key)

    def consumer_texted(self, now: datetime) -> None:
        """Let those not leave that were to leave only unless the consumer writes."""
        kept = self._conversation.state.scheduled
        self._cancel([one.id for one in kept if one.unless_answered], ANSWERED, now)

    def cancel_if_closed(self) -> None:
        """Let nothing leave of a conversation that has closed."""
        state = self._conversation.state
        if self._is_open or not state.scheduled or state.closed_at is None:
            return
        reason = OPTED_OUT if state.close_reason is CloseReason.opt_out else CLOSED
        self._cancel([one.id for one in state.scheduled], reason, state.closed_at)

    def send_next(self, now: datetime) -> None:
        """Send the first text, as a reply of who wrote it."""
        state = self._conversation.state
        first, *state.scheduled = state.scheduled
        person = Person(first.agent_id, first.agent_name, Role.agent)
        self._replies.write(person, first.text, None, now, message_id=first.id)

    def _cancel(
        self,
        ids: list[str],
        reason: str,
        now: datetime,
        *,
        agent_id: str | None = None,
        command_key: str | None = None,
    ) -> None:
        state = self._conversation.state
        state.scheduled = [one for one in state.scheduled if one.id not in ids]
        for text_id in ids:
            self._conversation.happened(
                EventKind.scheduled_text_cancelled,
                now,
                agent_id=agent_id,
                command_key=command_key,
                message_id=text_id,
                reason=reason,
            )

    @property
    def _is_open(self) -> bool:
        return self._conversation.state.status.is_open
