"""Automatic messages that only time sends: when the next one is due, and sending it.

Each counts from the beginning of its silence or wait and repeats at the same interval. Repeats that
were missed while no worker ran are not made up: an overdue reminder is sent once.
"""

from datetime import datetime

from domain.automatic.catalogue import DELAYS
from domain.automatic.kinds import Automatic
from domain.conversation.kinds import Status
from domain.conversation.state import ConversationState, Reminded
from domain.conversation.step_context import StepContext
from domain.policy.policy import Policy


def times_reminded(state: ConversationState, event: Automatic, since: datetime) -> int:
    """Return how many reminders are used up in the silence or wait that began at `since`."""
    known = state.reminders.get(event)
    return known.times if known and known.since == since else 0


def next_at(
    state: ConversationState, policy: Policy, event: Automatic, since: datetime | None
) -> datetime | None:
    """Return when the timer of `event` next sends it, counted from `since`; None: never."""
    timer = policy.timers.get(event)
    if timer is None or since is None or state.is_opted_out:
        return None
    times = times_reminded(state, event, since)
    return _at(policy, event, since, times + 1) if times < timer.repeats else None


def remind(conversation: StepContext, event: Automatic, since: datetime, now: datetime) -> None:
    """Send a due reminder once, however many repeats were missed."""
    state, policy = conversation.state, conversation.policy
    times, repeats = times_reminded(state, event, since), policy.timers[event].repeats
    while times < repeats and (at := _at(policy, event, since, times + 1)) and at <= now:
        times += 1
    state.reminders[event] = Reminded(since=since, times=times)
    conversation.send_automatic(event, now)


def _at(policy: Policy, event: Automatic, since: datetime, times: int) -> datetime | None:
    passed = policy.timers[event].delay * times
    return policy.hours.after(since, passed) if DELAYS[event].in_working_hours else since + passed


class Reminders:
    """Reminds a consumer who waits in the queue or who has stopped writing."""

    def __init__(self, conversation: StepContext) -> None:
        self._conversation = conversation

    def next_at(self, event: Automatic) -> datetime | None:
        """Return when the consumer is next reminded; None: never."""
        state, policy = self._conversation.state, self._conversation.policy
        return next_at(state, policy, event, self._since(event))

    def remind(self, event: Automatic, now: datetime) -> None:
        """Remind the consumer."""
        remind(self._conversation, event, self._since(event) or now, now)

    def _since(self, event: Automatic) -> datetime | None:
        state = self._conversation.state
        if event is Automatic.waiting_in_queue:
            return state.queued_at if state.status is Status.waiting else None
        if state.agent_wrote_at is None or not state.status.is_open or state.snooze is not None:
            return None
        return max(state.agent_wrote_at, state.woke_at or state.agent_wrote_at)
