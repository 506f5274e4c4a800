"""Decides whether a new conversation reads as a continuation of the previous one."""

from datetime import datetime, timedelta

from domain.conversation.kinds import CloseReason, Status

CONTINUES_WITHIN = timedelta(hours=48)
"""Ours: long enough that a consumer who answers after a weekend is not welcomed again."""


def continues(
    status: str | None, close_reason: str | None, closed_at: datetime | None, now: datetime
) -> bool:
    """Say whether the last conversation was auto-closed within 48 h. None: there was none."""
    is_auto_closed = status == Status.closed and close_reason == CloseReason.auto_close
    return is_auto_closed and closed_at is not None and now - closed_at <= CONTINUES_WITHIN
