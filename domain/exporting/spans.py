"""How often a scheduled export is made, and which days it is about: those just past."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
HOURS = 24
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
