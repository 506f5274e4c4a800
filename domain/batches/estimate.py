"""When a batch will probably have ended: by the line's pace, its start, and quiet hours to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.batches.progress import HAVE_LEFT, NOT_LEFT, Count
from domain.consent.quiet_hours import OwnHours, held_until
from domain.delivery.pacing import pace_of
from domain.numbers.kinds import LineKind

ENOUGH = 20
"""Texts that must have left before a rate is read from them. Ours: fewer say nothing."""
STEP = timedelta(minutes=15)
"""Ours: how exactly the end of a day's hours is met."""
FURTHEST = timedelta(days=60)
"""Ours: nobody can say what is so far ahead."""


@dataclass(frozen=True)
class Place:
    """Whose nights a batch waits for: a number of the place where most of its recipients are."""

    number: str
    hours: OwnHours


@dataclass(frozen=True)
class Course:
    """How a batch is sent. `place`: None if it leaves at any hour. `own_pace`: the line's."""

    started_at: datetime
    send_from: datetime | None
    own_pace: float | None
    kind: LineKind
    place: Place | None = None


def seconds_at_pace(segments: int, own_pace: float | None, kind: LineKind) -> float | None:
    """Return how long a line takes for segments; None: it has no pace."""
    pace = pace_of(own_pace, kind, is_proactive=True, is_careful=False)
    return segments / pace if pace else None


def ends_at(counts: Sequence[Count], course: Course, now: datetime) -> datetime | None:
    """Return when a running batch will probably have sent its last text; None: nobody can say.

    By the line's pace, or by how fast it went so far. Those whom quiet hours hold leave after
    them, and nobody is texted in the nights until then.
    """
    begins = max(now, course.send_from or now)
    at, rate = begins, _seconds_each(counts, course, now)
    left = [count for count in counts if count.outcome in NOT_LEFT]
    for count in sorted(left, key=lambda one: one.until or begins):
        seconds = seconds_at_pace(count.segments, course.own_pace, course.kind)
        if seconds is None:
            if rate is None:
                return None
            seconds = count.recipients * rate
        after = _after(max(at, count.until or at), timedelta(seconds=seconds), course.place)
        if after is None or after - now > FURTHEST:
            return None
        at = after
    return at


def _seconds_each(counts: Sequence[Count], course: Course, now: datetime) -> float | None:
    """Return how long each text took so far; None: too few have left."""
    left = sum(count.recipients for count in counts if count.outcome in HAVE_LEFT)
    took = (now - max(course.started_at, course.send_from or course.started_at)).total_seconds()
    return took / left if left >= ENOUGH and took > 0 else None


def _after(at: datetime, work: timedelta, place: Place | None) -> datetime | None:
    """Return when work is done that rests in a place's quiet hours; None: in the far future."""
    if place is None or work > FURTHEST:
        return at + work if work <= FURTHEST else None
    while work > timedelta(0):
        if hold := held_until(place.number, at, place.hours):
            at = hold.until
        step = min(work, STEP)
        at, work = at + step, work - step
    return at
