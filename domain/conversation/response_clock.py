"""The response clock: by when a consumer must have an answer, in working hours.

It starts at the first text nobody has answered, or where a conversation is passed on after an
answer, whose last words may have been a promise; it ends with an answer. What the system says never
touches it. A time that an agent set by hand stays until then.
"""

from datetime import datetime, timedelta

from domain.automatic.durations import Spell
from domain.conversation.kinds import PendingSide
from domain.conversation.state import ConversationState
from domain.policy.policy import Policy


def time_allowed(state: ConversationState, policy: Policy) -> timedelta | None:
    """Return the working time in which an answer is due: set by hand, or as the settings say."""
    if state.response_by_hand is not None:
        return state.response_by_hand
    return time_set(policy, is_first=state.is_first)


def time_set(policy: Policy, *, is_first: bool) -> timedelta | None:
    """Return what the settings say. `is_first`: of a consumer's first conversation."""
    first = policy.first_response_time if is_first else None
    return policy.response_time if first is None else first


def expect_answer(state: ConversationState, policy: Policy, now: datetime) -> None:
    """Expect the agent to write next: the consumer waits from now on, unless they do already."""
    state.pending_side = PendingSide.agent
    state.waiting_since = state.waiting_since or now
    start(state, policy, now)


def start(state: ConversationState, policy: Policy, now: datetime) -> None:
    """Start the clock, unless it runs: from the promise by hand, or since the consumer waits."""
    allowed = time_allowed(state, policy)
    if state.response_due_at is not None or allowed is None:
        return
    since = state.response_by_hand_at or state.waiting_since or now
    state.response_due_at = policy.hours.after(since, allowed)
    if state.response_is_manual:
        state.promised_until = state.response_due_at


def stop(state: ConversationState) -> None:
    """Forget the deadline: the consumer was answered, or nobody will."""
    state.response_due_at = state.response_by_hand = state.response_by_hand_at = None


def set_by_hand(
    state: ConversationState, policy: Policy, allowed: timedelta, now: datetime
) -> None:
    """Count from now, and so much instead of what the settings say."""
    state.response_due_at, state.response_by_hand = None, allowed
    state.response_by_hand_at, state.promised_until = now, None
    start(state, policy, now)


def take_back(state: ConversationState, policy: Policy, now: datetime) -> None:
    """Forget what was promised by hand: as the settings say."""
    stop(state)
    state.promised_until = None
    if state.pending_side is PendingSide.agent:
        start(state, policy, now)


def promise(
    state: ConversationState, policy: Policy, now: datetime, language: str | None = None
) -> Spell | None:
    """Return the time left to the deadline; None when it is overdue.

    Where nothing is owed: to the deadline a text would have that came now. Also None where no time
    is set, or hours are not known so far ahead. Worded in `language`, else in the policy's.
    """
    due_at = state.response_due_at or _due_if_texted(state, policy, now)
    if due_at is None or due_at <= now:
        return None
    return Spell(due_at - now, language or policy.language)


def _due_if_texted(state: ConversationState, policy: Policy, now: datetime) -> datetime | None:
    allowed = time_allowed(state, policy)
    is_owed = state.waiting_since is not None or state.response_is_manual
    return None if is_owed or allowed is None else policy.hours.after(now, allowed)
