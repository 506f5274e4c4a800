"""The clocks of time zones at some moments, by which two tables of zones are compared."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Offsets = tuple[timedelta, ...]
"""From UTC, of one zone at some moments."""
YEARS = 2
"""Back, whose figures are looked at, and ahead, for which texts are scheduled. Ours."""
DAYS = 30
"""Between two moments. Ours: summer time lasts for months."""


def moments(now: datetime) -> list[datetime]:
    """Return a moment of each month, from some years back to some ahead."""
    reach = YEARS * 365 // DAYS + 1
    return [now + timedelta(days=DAYS * count) for count in range(-reach, reach + 1)]


def offsets(zone: str, at: Sequence[datetime]) -> Offsets | None:
    """Return a zone's offsets by Python's tables; None for one that they lack."""
    try:
        clock = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return None
    return tuple(one.astimezone(clock).utcoffset() or timedelta() for one in at)
