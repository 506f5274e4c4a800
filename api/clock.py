"""The time of a request."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)
