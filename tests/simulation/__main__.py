"""Plays one schedule after another until one fails, which is then made short and told.

`python -m tests.simulation [SEEDS] [FIRST]`: so many seeds, or without end; from the first on.
"""

import itertools
import sys
import time

from tests.simulation.product import on_models
from tests.simulation.run import judged
from tests.simulation.schedule import Schedule, drawn
from tests.simulation.shrinking import shrunk

TOLD_EVERY = 10.0
"""Seconds between two lines of progress."""


def main(seeds: int | None, first: int) -> int:
    """Return 0 when all is well, else 1."""
    began = told = time.monotonic()
    numbers = itertools.count(first) if seeds is None else range(first, first + seeds)
    done = 0
    with on_models():
        for seed in numbers:
            found = judged(drawn(seed)).broken
            if found:
                tell(seed, drawn(seed), found[0])
                return 1
            done += 1
            if time.monotonic() - told > TOLD_EVERY:
                told = time.monotonic()
                print(f"{done} schedules, {done * 60 / (told - began):.0f} a minute")
    print(f"{done} schedules from seed {first} on: nothing lost, nothing doubled")
    return 0


def tell(seed: int, schedule: Schedule, broken: str) -> None:
    """Print the shortest schedule that fails like this one, and what happens in it."""
    print(f"Seed {seed}: {broken[:300]}\nLooking for a shorter schedule")
    shorter = shrunk(schedule, broken)
    verdict = judged(shorter)
    settings = (shorter.rolls_over_at, shorter.rings, shorter.chooses_at_once, shorter.has_pace)
    print(f"\nrolls_over_at, rings, chooses_at_once, has_pace: {settings}")
    print("\n".join(f"    {step}" for step in shorter.steps))
    print("\nWhat happens:")
    print("\n".join(f"    {line[-2000:]}" for line in verdict.trace))
    print("\nWhat does not hold:")
    print("\n".join(f"    {one[:500]}" for one in verdict.broken))


if __name__ == "__main__":
    asked = [int(one) for one in sys.argv[1:]]
    sys.exit(main(asked[0] if asked else None, asked[1] if len(asked) > 1 else 0))
