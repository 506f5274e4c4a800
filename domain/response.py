"""The response clock: by when a consumer must have an answer, in working hours.

It starts at the first text nobody has answered and ends with an answer; what the system says
never touches it. A time that an agent set by hand stays until then.
"""

from datetime import datetime, timedelta

from domain.hours import Spell
from domain.state import ConversationState, Policy


def time_allowed(state: ConversationState, policy: Policy) -> timedelta | None:
    """Return the working time in which an answer is due: set by hand, or as the settings say."""
    if state.response_by_hand is not None:
        return state.response_by_hand
    first = policy.first_response_time if state.is_first else None
    return policy.response_time if first is None else first


def start(state: ConversationState, policy: Policy, since: datetime) -> None:
    """Start the clock, unless it runs."""
    allowed = time_allowed(state, policy)
    if state.response_due_at is None and allowed is not None:
        state.response_due_at = policy.hours.after(since, allowed)


def stop(state: ConversationState) -> None:
    """Forget the deadline: the consumer was answered, or nobody will."""
    state.response_due_at = state.response_by_hand = None


def restart(state: ConversationState, policy: Policy, now: datetime) -> None:
    """Count anew by a policy that has changed, from the text that waits, or from now."""
    stop(state)
    start(state, policy, state.waiting_since or now)


def set_by_hand(
    state: ConversationState, policy: Policy, allowed: timedelta, now: datetime
) -> None:
    """Count from now, and so much instead of what the settings say."""
    state.response_due_at, state.response_by_hand = None, allowed
    start(state, policy, now)


def promise(
    state: ConversationState, policy: Policy, now: datetime, language: str | None = None
) -> Spell | None:
    """Return in which time an answer comes, closed hours included; None when it is overdue.

    Also None where no time is set, or hours are not known to open again. Worded in `language`,
    else in the policy's.
    """
    allowed, opens_at = time_allowed(state, policy), policy.hours.next_open(now)
    is_overdue = state.response_due_at is not None and state.response_due_at <= now
    if allowed is None or opens_at is None or is_overdue:
        return None
    return Spell(opens_at - now + allowed, language or policy.language)
