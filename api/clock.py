"""The time of a request."""

from services.clock import shared_now, utc_now

__all__ = ["shared_now", "utc_now"]
