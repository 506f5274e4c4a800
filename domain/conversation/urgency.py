"""How a conversation stands against its response time: what lists colour and sort by."""

from datetime import datetime, timedelta

from domain.conversation.kinds import PendingSide, ResponseState, Status

SOON = timedelta(minutes=5)


def response_state(
    *,
    status: Status,
    due_at: datetime | None,
    pending_side: PendingSide,
    consumer_texted_at: datetime | None,
    idle_after: timedelta,
    now: datetime,
) -> ResponseState | None:
    """Return how an open conversation stands; None once it is closed or being rated.

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
