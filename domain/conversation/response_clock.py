"""The response clock: when a consumer must have an answer, counted in working hours.

It starts with the first unanswered text. It also starts when a conversation is passed on after an
answer, because that answer may have been a promise. It stops with an answer; automatic messages
never touch it. A response time that an agent set by hand holds until the answer. While a bot has
the conversation, no clock runs: its own deadline is in seconds.
"""

from datetime import datetime, timedelta

from domain.automatic.durations import Spell
from domain.conversation.kinds import PendingSide
from domain.conversation.state import ConversationState
from domain.policy.policy import Policy


def time_allowed(state: ConversationState, policy: Policy) -> timedelta | None:
    """Return the working time allowed for an answer: set by hand, or from the settings."""
    if state.response_by_hand is not None:
        return state.response_by_hand
    return time_set(policy, is_first=state.is_first)


def time_set(policy: Policy, *, is_first: bool) -> timedelta | None:
    """Return the response time of the settings. `is_first`: the consumer's first conversation."""
    first = policy.first_response_time if is_first else None
    return policy.response_time if first is None else first


def expect_answer(
    state: ConversationState, policy: Policy, now: datetime, texted_at: datetime | None = None
) -> None:
    """Expect the agent to write next; the consumer waits from now, if not already waiting.

    `texted_at`: when the text was sent, if it arrived late. The consumer waits since then.
    """
    state.pending_side = PendingSide.agent
    since = texted_at or now
    if texted_at and (state.waiting_since is None or texted_at < state.waiting_since):
        _wait_longer(state, texted_at, now)
    state.waiting_since = state.waiting_since or since
    start(state, policy, now)


def _wait_longer(state: ConversationState, texted_at: datetime, now: datetime) -> None:
    """Let the consumer wait from before; the agent's silence still counts from what they knew."""
    before = state.waiting_since
    state.owed_since = max(before, state.owed_since or before) if before else now
    state.waiting_since = texted_at
    if not state.response_is_manual:
        state.response_due_at = None


def start(state: ConversationState, policy: Policy, now: datetime) -> None:
    """Start the clock unless it runs: from the promise by hand, else from the wait's beginning."""
    allowed = time_allowed(state, policy)
    if state.response_due_at is not None or allowed is None or state.is_with_bot:
        return
    since = state.response_by_hand_at or state.waiting_since or now
    state.response_due_at = policy.hours.after(since, allowed)
    if state.response_is_manual:
        state.promised_until = state.response_due_at


def stop(state: ConversationState) -> None:
    """Stop the clock: the consumer was answered, or the conversation closed."""
    state.response_due_at = state.response_by_hand = state.response_by_hand_at = None


def set_by_hand(
    state: ConversationState, policy: Policy, allowed: timedelta, now: datetime
) -> None:
    """Restart the clock from now with `allowed` in place of the settings' response time."""
    state.response_due_at, state.response_by_hand = None, allowed
    state.response_by_hand_at, state.promised_until = now, None
    start(state, policy, now)


def take_back(state: ConversationState, policy: Policy, now: datetime) -> None:
    """Drop the promise made by hand and go back to the settings."""
    stop(state)
    state.promised_until = None
    if state.pending_side is PendingSide.agent:
        start(state, policy, now)


def promise(
    state: ConversationState, policy: Policy, now: datetime, language: str | None = None
) -> Spell | None:
    """Return the time left until the deadline; None when it is overdue.

    When no answer is owed, this is the time left until the deadline of a text that came now. It is
    also None without a response time, and beyond the known working hours. The words are in
    `language`, else in the policy's language.
    """
    due_at = state.response_due_at or _due_if_texted(state, policy, now)
    if due_at is None or due_at <= now:
        return None
    return Spell(due_at - now, language or policy.language)


def _due_if_texted(state: ConversationState, policy: Policy, now: datetime) -> datetime | None:
    allowed = time_allowed(state, policy)
    is_owed = state.waiting_since is not None or state.response_is_manual
    return None if is_owed or allowed is None else policy.hours.after(now, allowed)
