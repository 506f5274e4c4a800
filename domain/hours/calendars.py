"""Working hours as people set them: weekly periods and special days in a time zone.

They become `domain.hours.open_hours.OpenHours` outside workflows, because time-zone tables change.
The rules for nights, special days and daylight saving are in `docs/routing.md`.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from domain.errors import Invalid
from domain.hours.open_hours import Interval, OpenHours

DAY = 24 * 60
"""Minutes."""
WEEK = 7 * DAY
KNOWN_AHEAD = timedelta(days=60)
"""Ours: beyond the longest response time of 30 days, and small enough for a workflow's state."""
KNOWN_BEFORE = timedelta(days=7)
"""Ours: deadlines may count from texts that have already waited, for a week at most."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Period:
    """A period in minutes from local midnight; `closes` above 1440 is on the next day."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{_clock(self.opens)}-{_clock(self.closes)}"


ALL_DAY = Period(0, DAY)


@dataclass(frozen=True)
class SpecialHours:
    """Hours of one date, in place of the week's; without periods it is closed all day."""

    day: date
    periods: tuple[Period, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Calendar:
    """Working hours in one time zone. `week` has the periods that begin on each day, from Monday.

    Without any hours at all, it is always open.
    """

    zone: str = "UTC"
    week: tuple[tuple[Period, ...], ...] = ((),) * 7
    special: tuple[SpecialHours, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not any(self.week) and not self.special


@dataclass(frozen=True)
class _PeriodAt:
    """A period with its day: `midnight` is in minutes from the beginning of the week."""

    midnight: int
    label: str
    period: Period

    @property
    def begin(self) -> int:
        return self.midnight + self.period.opens

    @property
    def end(self) -> int:
        return self.midnight + self.period.closes

    def __str__(self) -> str:
        return f"{self.label} {self.period}"


def check(calendar: Calendar) -> None:
    """Raise `Invalid` for empty, overlong or overlapping periods, and for a date given twice."""
    week = [
        _PeriodAt(weekday * DAY, WEEKDAYS[weekday], period)
        for weekday, periods in enumerate(calendar.week)
        for period in periods
    ]
    _check_apart(week)
    _check_sunday_night(week)
    for special in calendar.special:
        _check_apart([_PeriodAt(0, special.day.isoformat(), period) for period in special.periods])
    days = [special.day for special in calendar.special]
    twice = next((day for day in days if days.count(day) > 1), None)
    if twice is not None:
        raise Invalid(f"{twice.isoformat()} is listed twice. Give each special day one entry.")


def _check_apart(periods: Iterable[_PeriodAt]) -> None:
    ordered = sorted(periods, key=lambda period: period.begin)
    for period in ordered:
        _check_period(period.label, period.period)
    for earlier, later in pairwise(ordered):
        if earlier.end > later.begin:
            raise _overlap(earlier, later)


def _check_sunday_night(week: Sequence[_PeriodAt]) -> None:
    """Raise `Invalid` if the last night of the week runs into its first morning."""
    last = max(week, key=lambda period: period.end, default=None)
    first = min(week, key=lambda period: period.begin, default=None)
    if last and first and last.end > first.begin + WEEK:
        raise _overlap(last, first)


def _overlap(one: _PeriodAt, other: _PeriodAt) -> Invalid:
    return Invalid(f"The periods {one} and {other} overlap. Join them or separate them.")


def _check_period(label: str, period: Period) -> None:
    if not 0 <= period.opens < DAY:
        raise Invalid(f"{label}: a period must begin between 00:00 and 23:59.")
    if period.closes <= period.opens:
        raise Invalid(f"{label}: the period {period} is empty. It must end after it begins.")
    if period.closes > period.opens + DAY:
        raise Invalid(f"{label}: the period {period} is longer than a day.")


def open_hours(calendar: Calendar, now: datetime) -> OpenHours:
    """Return the open intervals in UTC, from a week ago to 60 days ahead."""
    if calendar.is_empty:
        return OpenHours()
    zone = ZoneInfo(calendar.zone)
    today = now.astimezone(zone).date()
    until = _moment(today + KNOWN_AHEAD, 0, zone)
    days = (
        today - KNOWN_BEFORE + timedelta(days=count)
        for count in range((KNOWN_BEFORE + KNOWN_AHEAD).days)
    )
    spans = [span for day in days for span in _spans(calendar, day, zone)]
    return OpenHours(intervals=tuple(_joined(spans, until)), known_until=until)


def open_between(calendar: Calendar, begins: datetime, ends: datetime) -> timedelta:
    """Return how much of a span was working hours. Each of its days costs a look at the week."""
    if calendar.is_empty or ends <= begins:
        return max(ends - begins, timedelta())
    zone = ZoneInfo(calendar.zone)
    first = begins.astimezone(zone).date() - timedelta(days=1)
    count = (ends.astimezone(zone).date() - first).days + 1
    days = (first + timedelta(days=number) for number in range(count))
    spans = [span for day in days for span in _spans(calendar, day, zone)]
    parts = (
        min(one.closes_at, ends) - max(one.opens_at, begins)
        for one in _joined(spans, ends)
        if one.closes_at > begins
    )
    return sum(parts, timedelta())


def _spans(calendar: Calendar, day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    special = {entry.day: entry.periods for entry in calendar.special}
    week = calendar.week if any(calendar.week) else ((ALL_DAY,),) * 7
    following = day + timedelta(days=1)
    for period in special.get(day, week[day.weekday()]):
        opens_at = _moment(day, period.opens, zone)
        closes_at = _moment(day, period.closes, zone, closing=True)
        if following in special:
            # On a special day only its own hours hold, so the night before ends at midnight.
            closes_at = min(closes_at, _moment(following, 0, zone))
        if closes_at > opens_at:
            yield opens_at, closes_at


def _joined(spans: Iterable[tuple[datetime, datetime]], until: datetime) -> Iterator[Interval]:
    """Yield the spans in order, with overlapping ones joined, cut at `until`."""
    joined: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    for begin, end in joined:
        if begin < until:
            yield Interval(opens_at=begin, closes_at=min(end, until))


def _moment(day: date, minute: int, zone: ZoneInfo, *, closing: bool = False) -> datetime:
    """Return a local time in UTC.

    A local time that daylight saving skips becomes the moment the clocks jump. A local time that
    comes twice is the first one for opening and the second one for closing, so that no shift is
    cut short.
    """
    local = datetime.combine(day, time(), zone) + timedelta(minutes=minute)
    first = local.replace(fold=0).astimezone(UTC)
    second = local.replace(fold=1).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        return _jump(second, first, zone)
    return second if closing else first


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment between two others at which the zone's clocks jump forward."""
    offset = after.astimezone(zone).utcoffset()
    seconds = range(int((after - before).total_seconds()))
    elapsed = bisect_left(
        seconds,
        True,
        key=lambda count: (
            (before + timedelta(seconds=count)).astimezone(zone).utcoffset() == offset
        ),
    )
    return before + timedelta(seconds=elapsed)


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24 if minute != DAY else 24:02}:{minute % 60:02}"
