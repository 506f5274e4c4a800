"""Urgency of a conversation: the response state that lists show, and the order they sort by."""

from datetime import datetime, timedelta
from enum import StrEnum

from domain.conversation.kinds import PendingSide, ResponseState, Status

SOON = timedelta(minutes=5)
"""Ours: time enough to finish one reply and begin the next."""


class ListOrder(StrEnum):
    """Orders of a list. In each but `newest` unanswered conversations come first: no length of the
    list hides what waits longest.
    """

    newest = "newest"
    """By their opening, the latest first."""
    longest_waiting = "longest_waiting"
    """By the start of the wait, then as by `newest`."""
    due_first = "due_first"
    """By the response deadline, or else the start of the wait, then as by `newest`."""


def response_state(
    *,
    status: Status,
    due_at: datetime | None,
    pending_side: PendingSide,
    consumer_texted_at: datetime | None,
    idle_after: timedelta,
    now: datetime,
) -> ResponseState | None:
    """Return the response state of an open conversation; None when it is closed or in its survey.

    Idle: the consumer is to write and has been silent for `idle_after`, or never wrote.
    """
    if not status.is_open:
        return None
    if due_at is not None and due_at <= now:
        return ResponseState.overdue
    if due_at is not None and due_at - now <= SOON:
        return ResponseState.soon_overdue
    is_silent = consumer_texted_at is None or now - consumer_texted_at >= idle_after
    if pending_side is PendingSide.consumer and is_silent:
        return ResponseState.idle
    return ResponseState.ongoing
