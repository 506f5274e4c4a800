"""How long what happens gathers before it is told together."""

REST = 6
"""Telling rests this many times as long as it worked: all streams together take at most a seventh
of a process. The first thing that happens is told at once. Ours.
"""
SHORTEST_SECONDS = 0.02
LONGEST_SECONDS = 0.2
"""A busy machine, on which telling takes long, tells more at once, but no later than this. Ours."""


def rest_after(took: float) -> float:
    """Return how long to wait after telling took so long. Seconds."""
    return min(max(REST * took, SHORTEST_SECONDS), LONGEST_SECONDS)
