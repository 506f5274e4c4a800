"""How times are spread: steps that widen, so that percentiles of any span can be added up.

Times below half a minute have a step for each second. From there a step is three percent wide, so
a percentile is right to one and a half percent.
"""

import math
from collections.abc import Mapping

EXACT = 32
"""Seconds."""
WIDENS = 1.03


def step_of(value: int) -> int:
    """Return the step of a time in seconds."""
    if value < EXACT:
        return max(value, 0)
    return EXACT + math.floor(math.log(value / EXACT) / math.log(WIDENS))


def seconds_of(step: int) -> int:
    """Return the time that stands for a step, its middle."""
    if step < EXACT:
        return step
    return round(EXACT * math.pow(WIDENS, step - EXACT + 0.5))


def percentile(spread: Mapping[int, int], share: float) -> int | None:
    """Return the time within which a share (0 to 1) of all stays; None without any."""
    wanted, seen = math.ceil(sum(spread.values()) * share), 0
    for step, count in sorted(spread.items()):
        seen += count
        if count and seen >= wanted:
            return seconds_of(step)
    return None
