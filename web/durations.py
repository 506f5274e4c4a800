"""Durations as people write them in forms: `45 s`, `15 min`, `1 h 30 min`, `90 days`."""

import re

from domain.errors import Invalid

UNITS = {"days": 86400, "h": 3600, "min": 60, "s": 1}
PART = re.compile(r"(\d{1,9})\s*(days?|d|hours?|h|minutes?|min|m|seconds?|sec|s)")
LETTERS = {"d": "days", "h": "h", "m": "min", "s": "s"}


def to_text(seconds: int | None) -> str:
    """Return a duration as people write it, exactly; empty for None."""
    if seconds is None:
        return ""
    parts, rest = [], seconds
    for unit, size in UNITS.items():
        count, rest = divmod(rest, size)
        if count:
            parts.append("1 day" if (count, unit) == (1, "days") else f"{count} {unit}")
    return " ".join(parts) or "0 s"


def to_seconds(text: str) -> int | None:
    """Return the seconds of a duration, None for an empty text. Raises `Invalid`."""
    plain = text.strip().lower()
    if not plain:
        return None
    if PART.sub("", plain).strip(" ,"):
        raise Invalid("Write a time such as 45 s, 15 min, 1 h 30 min or 90 days.")
    return sum(int(count) * UNITS[LETTERS[unit[0]]] for count, unit in PART.findall(plain))
