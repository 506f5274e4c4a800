"""How long after an invitation left a reply belongs to it."""

from datetime import timedelta

from domain.errors import Invalid

SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=30)
"""As the product has it that this one replaces."""
USUAL = timedelta(days=3)
"""Ours: a weekend and a day."""
SHORTEST_SECONDS = round(SHORTEST.total_seconds())
LONGEST_SECONDS = round(LONGEST.total_seconds())
USUAL_SECONDS = round(USUAL.total_seconds())


def checked(look_back: timedelta) -> timedelta:
    """Return it. Raises `Invalid` if it is too short or too long."""
    if SHORTEST <= look_back <= LONGEST:
        return look_back
    raise Invalid("A reply can be waited for between 1 hour and 30 days.")
