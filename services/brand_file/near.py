"""What somebody probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

MOST_COMPARED = 1000


def nearest(written: str, known: Iterable[str]) -> str:
    """Return the known word most like the written one; empty if none is."""
    found = get_close_matches(written[:100], list(islice(known, MOST_COMPARED)), n=1, cutoff=0.6)
    return found[0] if found else ""
