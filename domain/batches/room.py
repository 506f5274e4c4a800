"""How many texts of a batch may wait to leave at a time: what its line sends within a minute.

So a pause or a cancellation counts within that time, and nothing else stands behind a batch.
"""

from domain.delivery.pacing import pace_of
from domain.numbers.kinds import LineKind

AHEAD_SECONDS = 60
"""Ours: many times the pause between two looks, so that no line runs out of texts."""
FEWEST = 2
"""Segments: the next text waits when one leaves."""
MOST = 1000
"""Segments, on a line without a pace. Ours: some seconds of the fastest provider, and one slice."""


def room(own_pace: float | None, kind: LineKind, *, waiting: int, connector_is_paused: bool) -> int:
    """Return how many texts may be written now. `waiting`: those that wait already.

    A paused connector gets one text, which tries it.
    """
    if connector_is_paused:
        return max(0, 1 - waiting)
    pace = pace_of(own_pace, kind, is_proactive=True, is_careful=False)
    most = MOST if pace is None else round(pace * AHEAD_SECONDS)
    return max(0, min(max(most, FEWEST), MOST) - waiting)
