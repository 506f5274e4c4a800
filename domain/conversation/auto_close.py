"""Auto-close: a consumer's silence closes the conversation, after a warning, unless it is held.

The time counts from the last message of a person, and runs only while the consumer is expected to
write. While an agent's own response time is unanswered, the conversation does not close; afterwards
the time counts from the end of that promise. Resuming after a hold or a snooze keeps the deadline.
If the deadline has passed by then, the whole time counts again from the resuming.
"""

from datetime import datetime

from domain.automatic.kinds import Automatic
from domain.conversation.inputs import Person
from domain.conversation.kinds import EventKind, PendingSide
from domain.conversation.permissions import check_handles
from domain.conversation.reminders import times_reminded
from domain.conversation.state import ConversationState, Reminded
from domain.conversation.step_context import StepContext

WARNING = Automatic.auto_close_warning


def closing_counts_from(state: ConversationState) -> datetime | None:
    """Return the moment auto-close counts from; None before a person has written.

    The latest of: the last message of a person, the resuming after a hold, and the end of a
    response time that an agent set.
    """
    if state.quiet_since is None:
        return None
    moments = (state.quiet_since, state.auto_close_from, state.promised_until)
    return max(at for at in moments if at is not None)


def silent_since(state: ConversationState) -> datetime | None:
    """Return when the consumer's silence began; None when a promise decides the deadline."""
    since = closing_counts_from(state)
    return None if since == state.promised_until else since


def resume_counting(conversation: StepContext, now: datetime) -> None:
    """Resume counting, after whatever kept silence from closing it, and do not close just now."""
    state, since = conversation.state, closing_counts_from(conversation.state)
    state.auto_close_resumed_at = now
    if since and since + conversation.policy.auto_close_after <= now:
        state.auto_close_from = now


class AutoClose:
    """Decides when silence closes a conversation, and who may hold it open."""

    def __init__(self, conversation: StepContext) -> None:
        self._conversation = conversation

    @property
    def closes_at(self) -> datetime | None:
        """Return when the consumer's silence closes it; None while the agent is to write next."""
        state, since = self._conversation.state, self._since
        is_owed = state.pending_side is PendingSide.agent or state.response_is_manual
        is_held = any(text.hold for text in state.scheduled)  # the consumer has yet to read it
        if since is None or not state.status.is_open or is_owed or is_held:
            return None
        rests = state.is_auto_close_held or state.snooze is not None
        return None if rests else self._closes_after(since)

    @property
    def warns_at(self) -> datetime | None:
        """Return when the consumer is warned of the close.

        None where the whole time is shorter than the warning's: sent at once, it would not be one.
        """
        state, since, closes_at = self._conversation.state, self._since, self.closes_at
        timer = self._conversation.policy.timers.get(WARNING)
        if timer is None or since is None or closes_at is None or state.is_opted_out:
            return None
        warns_at, stands_since = closes_at - timer.delay, state.auto_close_resumed_at or since
        is_said = times_reminded(state, WARNING, since) > 0
        return None if is_said or warns_at <= max(since, stands_since) else warns_at

    def warn(self, now: datetime) -> None:
        """Warn the consumer that the conversation will close."""
        since = self._since or now
        self._conversation.state.reminders[WARNING] = Reminded(since=since, times=1)
        self._conversation.send_automatic(WARNING, now)

    def check_hold(self, person: Person) -> None:
        """Raise the error that holding or resuming would meet, changing nothing."""
        check_handles(self._conversation.state, person)

    def held(self, person: Person, key: str, now: datetime) -> None:
        """Hold auto-close: nothing closes and nobody is warned until somebody resumes it."""
        self._hold(EventKind.auto_close_held, person, key, now)

    def resumed(self, person: Person, key: str, now: datetime) -> None:
        """Resume auto-close."""
        self._hold(EventKind.auto_close_resumed, person, key, now)

    def _hold(self, kind: EventKind, person: Person, key: str, now: datetime) -> None:
        self.check_hold(person)
        state, is_held = self._conversation.state, kind is EventKind.auto_close_held
        if state.is_auto_close_held is is_held:
            return
        state.is_auto_close_held = is_held
        if not is_held:
            self.resume_counting(now)
        self._conversation.happened(kind, now, agent_id=person.agent_id, command_key=key)

    def resume_counting(self, now: datetime) -> None:
        """Resume counting after a hold or a promise, without closing or warning at this moment."""
        resume_counting(self._conversation, now)

    @property
    def _since(self) -> datetime | None:
        return closing_counts_from(self._conversation.state)

    def _closes_after(self, since: datetime) -> datetime:
        return since + self._conversation.policy.auto_close_after
