"""How an erasure goes, and the bounds of retention."""

from enum import StrEnum


class ErasureStatus(StrEnum):
    """Where an erasure is. `closing`: its conversations end, and nothing is erased yet."""

    closing = "closing"
    erasing = "erasing"
    histories = "histories"
    done = "done"


FEWEST_DAYS, MOST_DAYS = 7, 3650
"""Of retention. Ours: surveys, late texts and reports of delivery are over within days."""
SHORTEST_REASON, LONGEST_REASON = 3, 500
"""Characters. Ours: who asks why later finds a sentence or two."""
