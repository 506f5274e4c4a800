"""Durations as people write them: `25 min`, `1 h 30 min`, `90 days`."""

import re

LONGEST = 100 * 365 * 86_400
"""Seconds. Ours: no setting is longer, and every count of them can be kept."""
UNITS = {"day": 86_400, "h": 3_600, "min": 60, "s": 1}
WORDS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hour", "hours"), 3_600),
    **dict.fromkeys(("d", "day", "days"), 86_400),
    **dict.fromkeys(("week", "weeks"), 604_800),
}
PART = re.compile(r"(\d{1,9})\s*([a-z]+)\s*", re.ASCII | re.IGNORECASE)


def in_words(seconds: int, least: int = 1) -> str:
    """Return a duration in the largest unit that fits: `25 min`, not `1500 s`.

    `least`: the smallest unit, which zero is written in.
    """
    if seconds < 0:
        return f"-{in_words(-seconds, least)}"
    fits = (
        one for one, size in UNITS.items() if seconds % size == 0 and (seconds or size == least)
    )
    unit = next(fits, "s")
    count = seconds // UNITS[unit]
    return f"{count} {unit}s" if unit == "day" and count != 1 else f"{count} {unit}"


def seconds_in(text: str) -> int | None:
    """Return the seconds of a duration.

    None for what is none, such as a number without unit, or is above `LONGEST`.
    """
    written = text.strip()
    sign = -1 if written.startswith("-") else 1
    rest = written.removeprefix("-")
    total, at = 0, 0
    while found := PART.match(rest, at):
        size = WORDS.get(found[2].lower())
        if size is None:
            return None
        total, at = total + int(found[1]) * size, found.end()
    return sign * total if at and at == len(rest) and total <= LONGEST else None
