"""How often a scheduled export is made, and which days it is about: those just past."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


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
