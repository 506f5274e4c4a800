"""How an erasure goes."""

from enum import StrEnum


class ErasureStatus(StrEnum):
    """Where an erasure is. `closing`: its conversations end, and nothing is erased yet."""

    closing = "closing"
    erasing = "erasing"
    histories = "histories"
    done = "done"


ERASED = "[erased]"
"""In the place of a text."""
ERASED_CALLER = "erased"
"""In the place of the number of a call, of whom nothing is written again."""
SHORTEST_REASON, LONGEST_REASON = 3, 500
"""Characters. Ours: who asks why later finds a sentence or two."""
