"""The time of a request."""

from services.clock import utc_now

__all__ = ["utc_now"]
