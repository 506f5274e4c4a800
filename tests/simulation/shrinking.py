"""Makes a schedule that fails shorter: steps are left out for as long as it still fails alike."""

import re
from dataclasses import replace

from tests.simulation.run import judged
from tests.simulation.schedule import Schedule


def shrunk(schedule: Schedule, broken: str) -> Schedule:
    """Return the shortest schedule found that breaks the same rule as `broken` says."""
    wanted, size = _kind(broken), max(len(schedule.steps) // 2, 1)
    while True:
        before = schedule
        for start in range(len(schedule.steps) - size, -1, -1):
            shorter = schedule.steps[:start] + schedule.steps[start + size :]
            tried = replace(schedule, steps=shorter)
            if any(_kind(one) == wanted for one in judged(tried).broken):
                schedule = tried
        if size == 1 and schedule == before:
            return _plainer(schedule, wanted)
        size = max(size // 2, 1)


def _plainer(schedule: Schedule, wanted: str) -> Schedule:
    """Return the same steps with smaller numbers where that changes nothing."""
    for tried in (
        replace(schedule, rolls_over_at=None),
        replace(schedule, rings=False),
        replace(schedule, chooses_at_once=False),
    ):
        if any(_kind(one) == wanted for one in judged(tried).broken):
            schedule = tried
    for position, step in enumerate(schedule.steps):
        for smaller in (replace(step, first=0, second=0), replace(step, first=0)):
            steps = (*schedule.steps[:position], smaller, *schedule.steps[position + 1 :])
            tried = replace(schedule, steps=steps)
            if any(_kind(one) == wanted for one in judged(tried).broken):
                schedule = tried
                break
    return schedule


def _kind(broken: str) -> str:
    """Return which rule is broken, without the ids and texts it is told with."""
    return re.sub(r"[0-9a-f]{4}\b|'[^']*'|\d+|\{.*", "", broken.split("(")[0])[:60]
