"""Statuses as SQL reads them: indexes and statements are generated from the rules' own sets."""

from collections.abc import Iterable

from domain.delivery.message_status import MessageStatus


def listed(statuses: Iterable[MessageStatus]) -> str:
    """Return statuses as the list of an `IN`, such as `'queued', 'sending'`."""
    return ", ".join(f"'{status}'" for status in statuses)
