"""When an event is posted again, and when an endpoint counts as down or as hopeless."""

import zlib
from datetime import datetime, timedelta

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Between two attempts at an event that the receiver does not take while it takes others: ten
attempts in 75 hours, then the event is given up.
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""
MOST_TRIES = len(PAUSES) + 1
JITTER = 0.1
"""Of a pause, at most: many events that failed together are not all due in one second. Ours."""
DOWN_AFTER = 5
"""Failures in a row after which the endpoint itself counts as down. It is then tried with an event
or two at a time, and no event counts as tried. Ours.
"""
TRIAL_PAUSES = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=10),
)
"""Between the trials of an endpoint that is down. Ours: it gets its events at most ten minutes
after it is back.
"""
THROTTLED_PAUSE = timedelta(seconds=30)
"""After an answer of 429 without Retry-After. Ours."""
LONGEST_PAUSE = timedelta(hours=24)
"""The longest that a receiver's Retry-After is heeded. Ours, as long as the longest pause."""
HOPELESS_AFTER = timedelta(days=3)
"""An endpoint that took nothing for this time is paused. Ours: a long weekend."""


def pause_after(tries: int, event_id: int) -> timedelta:
    """Return the pause after an attempt, from 1, at an event."""
    pause = PAUSES[min(tries, len(PAUSES)) - 1]
    share = zlib.crc32(f"{event_id}/{tries}".encode()) / 2**32
    return pause * (1 + JITTER * share)


def trial_pause(failures: int) -> timedelta:
    """Return the pause before the next trial of an endpoint after failures in a row."""
    return TRIAL_PAUSES[min(max(failures - DOWN_AFTER, 0), len(TRIAL_PAUSES) - 1)]


def is_due(at: datetime, now: datetime) -> bool:
    """Say whether a time has come. One that is too far off was set before the clock went back."""
    return at <= now or at - now > LONGEST_PAUSE * (1 + 2 * JITTER)
