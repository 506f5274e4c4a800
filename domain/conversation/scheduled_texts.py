"""Texts that an agent schedules for later, and what cancels them.

A due text is sent as its author's reply, by the rules of replies, even while the conversation waits
in the queue or is assigned to another agent: its author has promised it to the consumer.

A text that the consumer has not asked for waits for the end of quiet hours. An activity checks them
when it is due, and again when its wait is over.
"""

from datetime import datetime, timedelta

from domain.consent.hold import Hold
from domain.conversation.inputs import Person
from domain.conversation.kinds import CloseReason, EventKind, PendingSide
from domain.conversation.permissions import check_open, check_replies, holds
from domain.conversation.replies import Replies
from domain.conversation.state import ScheduledText
from domain.conversation.step_context import StepContext
from domain.errors import ConversationNotAssigned, Invalid, NotFound, TooManyScheduledTexts
from domain.people.roles import Role
from domain.text.limits import check_outgoing

SOONEST = timedelta(minutes=1)
"""Ours: a text for sooner is a reply."""
LATEST = timedelta(days=90)
"""Ours: the longest auto-close, after which no conversation is open unless it is held."""
MOST = 10
"""Scheduled texts of one conversation. Ours: each travels with the state at every roll-over."""

ASKED_FOR_WITHIN = timedelta(hours=4)
"""A text within this time after the consumer wrote is a reply, in quiet hours too. Ours: who wrote
so recently is awake and waits for it.
"""

ANSWERED = "answered"
CLOSED = "closed"
OPTED_OUT = "opted_out"
CANCELLED = "cancelled"


class ScheduledTexts:
    """Keeps, sends and cancels scheduled texts."""

    def __init__(self, conversation: StepContext, replies: Replies) -> None:
        self._conversation = conversation
        self._replies = replies

    @property
    def sends_at(self) -> datetime | None:
        """Return when the next text is due."""
        waiting = self._conversation.state.scheduled if self._is_open else []
        return waiting[0].due_at if waiting else None

    def check_schedule(self, person: Person, text: str, at: datetime, now: datetime) -> None:
        """Raise the error that would refuse scheduling, and change nothing."""
        state = self._conversation.state
        check_outgoing(text)
        check_replies(state, person)
        if not now + SOONEST <= at <= now + LATEST:
            raise Invalid("A text is sent between one minute and 90 days from now.")
        if len(state.scheduled) >= MOST:
            raise TooManyScheduledTexts(
                f"{MOST} texts are already scheduled. Cancel one of them first."
            )

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
        """Schedule an agent's text for `at`. Returns the id its message will have.

        `unless_answered`: a text of the consumer cancels it.
        """
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
        self._keep(kept)
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

    def opened_in_quiet_hours(
        self, person: Person, text: str, hold: Hold, key: str, now: datetime
    ) -> str:
        """Hold the first text of an agent who opens the conversation. Returns its message's id."""
        kept = ScheduledText(
            id=self._conversation.next_message_id(),
            agent_id=person.agent_id,
            agent_name=person.name,
            text=text,
            at=now,
            command_key=key,
            hold=hold,
        )
        self._keep(kept)
        # Nobody owes anything until it has left.
        self._conversation.state.pending_side = PendingSide.consumer
        self._held(kept, now, person.agent_id, key)
        return kept.id

    def must_ask(self, now: datetime) -> bool:
        """Say whether the next text is due and quiet hours might hold it: ask before it leaves."""
        sends_at, wrote_at = self.sends_at, self._conversation.state.consumer_wrote_at
        is_due = sends_at is not None and sends_at <= now
        return is_due and (wrote_at is None or wrote_at + ASKED_FOR_WITHIN <= now)

    def hold_next(self, hold: Hold, now: datetime) -> None:
        """Hold the next text for quiet hours."""
        first, *others = self._conversation.state.scheduled
        held = first.model_copy(update={"hold": hold})
        self._conversation.state.scheduled = others
        self._keep(held)
        self._held(held, now)

    def check_cancel(self, person: Person, text_id: str) -> None:
        """Raise the error that would refuse cancelling, and change nothing."""
        state = self._conversation.state
        check_open(state)
        kept = next((waiting for waiting in state.scheduled if waiting.id == text_id), None)
        if kept is None:
            raise NotFound("This text is no longer scheduled: it was sent or cancelled.")
        is_theirs = kept.agent_id == person.agent_id or holds(state, person)
        if not (is_theirs or person.supervises):
            raise ConversationNotAssigned

    def text_cancelled(self, person: Person, text_id: str, key: str, now: datetime) -> None:
        """Cancel a scheduled text, as its author, the assigned agent or a manager."""
        self.check_cancel(person, text_id)
        self._cancel([text_id], CANCELLED, now, agent_id=person.agent_id, command_key=key)

    def consumer_texted(self, now: datetime) -> None:
        """Cancel the texts that were scheduled only for a consumer who does not write."""
        kept = self._conversation.state.scheduled
        self._cancel([waiting.id for waiting in kept if waiting.unless_answered], ANSWERED, now)

    def cancel_if_closed(self) -> None:
        """Cancel every scheduled text of a conversation that has closed."""
        state = self._conversation.state
        if self._is_open or not state.scheduled or state.closed_at is None:
            return
        reason = OPTED_OUT if state.close_reason is CloseReason.opt_out else CLOSED
        self._cancel([waiting.id for waiting in state.scheduled], reason, state.closed_at)

    def send_next(self, now: datetime) -> None:
        """Send the earliest text as its author's reply."""
        state = self._conversation.state
        first, *state.scheduled = state.scheduled
        person = Person(first.agent_id, first.agent_name, Role.agent)
        self._replies.write(person, first.text, None, now, message_id=first.id)

    def _keep(self, text: ScheduledText) -> None:
        state = self._conversation.state
        state.scheduled = sorted([*state.scheduled, text], key=lambda waiting: waiting.due_at)

    def _held(
        self,
        text: ScheduledText,
        now: datetime,
        agent_id: str | None = None,
        key: str | None = None,
    ) -> None:
        if text.hold is None:
            return
        self._conversation.happened(
            EventKind.text_held,
            now,
            agent_id=agent_id,
            command_key=key,
            message_id=text.id,
            until=text.hold.until.isoformat(),
            why=text.hold.why,
            rules=text.hold.rules,
        )

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
        state.scheduled = [waiting for waiting in state.scheduled if waiting.id not in ids]
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
