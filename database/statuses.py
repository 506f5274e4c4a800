"""Writes sets of statuses as SQL, so that indexes and statements are generated from the rules."""

from collections.abc import Iterable

from domain.delivery.message_status import MessageStatus


def listed(statuses: Iterable[MessageStatus]) -> str:
    """Return statuses as the list for an `IN`, such as `'queued', 'sending'`."""
    return ", ".join(f"'{status}'" for status in statuses)
