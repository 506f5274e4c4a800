"""How often a scheduled export is made, and which time it is about: the days just past.

A span begins where the one of the last file ended. So no change of zone or rhythm, and no run that
was left out or failed, leaves anything out or brings anything twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
HOURS = 24
BEHIND = timedelta(minutes=15)
"""How long before its run a span ends at the latest. Ours: what happened is written within seconds,
and after a short outage within minutes.
"""
LOOKS_AHEAD = 400 * DAY
"""Ours: all workers may be away for long before a change of clocks is missed."""
CHANGED_BY = timedelta(hours=2)
"""By how much clocks go on or back at most: at Troll, in Antarctica."""


class Every(StrEnum):
    """How often; what is exported is yesterday, the last whole week, or the last month."""

    day = "day"
    week = "week"
    """On Mondays."""
    month = "month"
    """On the first."""


@dataclass(frozen=True)
class Span:
    """Days, both included."""

    first: date
    last: date


def span_of(every: Every, due_at: datetime, zone: ZoneInfo) -> Span:
    """Return the days that a run is about, by the account's clock. Weeks begin on Monday."""
    today = due_at.astimezone(zone).date()
    match every:
        case Every.day:
            return Span(today - DAY, today - DAY)
        case Every.week:
            monday = today - today.weekday() * DAY
            return Span(monday - 7 * DAY, monday - DAY)
        case Every.month:
            last = today.replace(day=1) - DAY
            return Span(last.replace(day=1), last)


@dataclass(frozen=True)
class Moments:
    """A span of time: from the first moment to just before the last."""

    since: datetime
    until: datetime

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is left for a run: the last file holds all of its days."""
        return self.since >= self.until


def moments_of(
    every: Every, due_at: datetime, zone: ZoneInfo, reached_at: datetime | None
) -> Moments:
    """Return the time that a run is about. `reached_at`: where the last one ended; None: the first.

    It ends with the last of its days, but safely before the run. It is empty if nothing is left.
    """
    days = span_of(every, due_at, zone)
    until = min(_begins(days.last + DAY, zone), due_at - BEHIND)
    since = _begins(days.first, zone) if reached_at is None else reached_at
    return Moments(since, max(since, until))


def days_of(
    every: Every,
    due_at: datetime,
    zone: ZoneInfo,
    reached_at: datetime | None,
    most: int | None = None,
) -> tuple[Span, Moments]:
    """Return the days that a run of figures is about, whole ones, and their time.

    They begin with the day that the last run's ended on. If the clock has gone back over that,
    its last day comes again, as days are the least that figures are of. Their time is empty if the
    last run was about all of them. After a long pause they are the first `most` of those left,
    and the next run goes on after these; None: all.
    """
    days = span_of(every, due_at, zone)
    ends = _begins(days.last + DAY, zone)
    if reached_at is None:
        return days, Moments(_begins(days.first, zone), ends)
    first = reached_at.astimezone(zone).date()
    if first > days.last:
        return days, Moments(reached_at, reached_at)
    last = days.last if most is None else min(days.last, first + (most - 1) * DAY)
    return Span(first, last), Moments(_begins(first, zone), _begins(last + DAY, zone))


def _begins(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment of a day, also of one that has no midnight."""
    midnight = datetime.combine(day, time(), zone)
    first = midnight.astimezone(UTC)
    if first.astimezone(zone).date() < day:  # the clock skips it, and this is before the jump
        return midnight.replace(fold=1).astimezone(UTC)
    return first


@lru_cache
def moved_runs(every: Every, hour: int, zone: ZoneInfo, today: date) -> tuple[datetime, ...]:
    """Return when runs of the next year come, by the clock, whose hour their day does not have.

    The clock goes on over it. They come at the next hour of that day, or else at the one before,
    so that they are about the same days.
    """
    days = (today - DAY + number * DAY for number in range(LOOKS_AHEAD // DAY))
    due = (day for day in days if _is_due(every, day) and not _exists(day, hour, zone))
    return tuple(at for day in due for at in _nearest(day, hour, zone))


def same_since(due_at: datetime, zone: ZoneInfo) -> datetime:
    """Return since when a run is the same one as that which is due: its hour may come twice."""
    before = due_at - CHANGED_BY
    offsets = {at.astimezone(zone).utcoffset() for at in (before, due_at)}
    return due_at if len(offsets) == 1 else before


def _is_due(every: Every, day: date) -> bool:
    match every:
        case Every.day:
            return True
        case Every.week:
            return day.weekday() == 0
        case Every.month:
            return day.day == 1


def _exists(day: date, hour: int, zone: ZoneInfo) -> bool:
    at = datetime.combine(day, time(hour), zone)
    return at.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == at.replace(tzinfo=None)


def _nearest(day: date, hour: int, zone: ZoneInfo) -> Iterator[datetime]:
    for other in (*range(hour + 1, HOURS), *reversed(range(hour))):
        if _exists(day, other, zone):
            yield datetime.combine(day, time(other))
            return
