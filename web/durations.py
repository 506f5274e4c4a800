"""Durations as people write them in forms: `45 s`, `15 min`, `1 h 30 min`, `90 days`."""

import re

from domain.errors import Invalid
from web.words import _, n

UNITS = {"days": 86400, "h": 3600, "min": 60, "s": 1}
PART = re.compile(
    r"(\d{1,9})\s*(days?|tagen?|tage?|d|hours?|stunden?|std|h|minuten?|minutes?|min|m"
    r"|sekunden?|seconds?|sek|sec|s)\b\.?"
)
LETTERS = {"d": "days", "t": "days", "h": "h", "st": "h", "m": "min", "s": "s", "se": "s"}
"""The unit that a word for it begins with, in any of our languages."""


def to_text(seconds: int | None) -> str:
    """Return a duration as people write it, exactly; empty for None."""
    if seconds is None:
        return ""
    days, rest = divmod(seconds, UNITS["days"])
    hours, rest = divmod(rest, UNITS["h"])
    minutes, rest = divmod(rest, UNITS["min"])
    parts = [
        n("{n} day", "{n} days", days) if days else "",
        _("{count} h", count=hours) if hours else "",
        _("{count} min", count=minutes) if minutes else "",
        _("{count} s", count=rest) if rest or not seconds else "",
    ]
    return " ".join(part for part in parts if part)


def roughly(seconds: int) -> str:
    """Return how long something took, in the two largest units: `2 h 5 min`."""
    for size in (UNITS["h"], UNITS["min"]):
        if seconds >= UNITS["days"] or (size == UNITS["min"] and seconds >= UNITS["h"]):
            return to_text(seconds - seconds % size)
    return to_text(seconds)


def to_seconds(text: str) -> int | None:
    """Return the seconds of a duration, None for an empty text. Raises `Invalid`."""
    plain = text.strip().lower()
    if not plain:
        return None
    if PART.sub("", plain).strip(" ,"):
        raise Invalid("Write a time such as 45 s, 15 min, 1 h 30 min or 90 days.")
    return sum(int(count) * _size(unit) for count, unit in PART.findall(plain))


def _size(unit: str) -> int:
    """Return the seconds of a unit: `std` is hours, `s` and `sek` are seconds."""
    return UNITS[LETTERS.get(unit[:2]) or LETTERS[unit[0]]]
