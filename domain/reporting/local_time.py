"""An account's own time: its days and hours, and the part of a span that was working hours."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.hours.calendars import Calendar, open_between

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class HoursSince:
    """Hours that held from a moment on. `calendar`: None for a skill that follows the account."""

    since: datetime
    calendar: Calendar | None


@dataclass(frozen=True)
class LocalTime:
    """The clock of an account. `hours`: as they were set over time, by skill; None: the account's.

    What was set first counts for all time before, too.
    """

    zone: ZoneInfo
    hours: Mapping[str | None, Sequence[HoursSince]] = field(default_factory=dict)

    def worked(self, skill_id: str | None, begins: datetime, ends: datetime) -> int:
        """Return the seconds of a span in working hours, by those that held when it began."""
        return seconds(open_between(self._calendar(skill_id, begins), begins, ends))

    def _calendar(self, skill_id: str | None, at: datetime) -> Calendar:
        found = _held(self.hours.get(skill_id, ()), at)
        if found is None and skill_id is not None:
            found = _held(self.hours.get(None, ()), at)
        return found or Calendar()

    def hour_of(self, at: datetime) -> datetime:
        """Return when the hour began in which a moment is, by the account's clock.

        Where clocks go on or back by half an hour, the hour is as much shorter or longer.
        """
        begins = at.astimezone(UTC) - self._into(at)
        return begins + (self._offset(at) - self._offset(begins))

    def _into(self, at: datetime) -> timedelta:
        """Return for how long the clock has shown the hour, or seems to."""
        local = at.astimezone(self.zone)
        return timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)

    def _offset(self, at: datetime) -> timedelta:
        return at.astimezone(self.zone).utcoffset() or timedelta()

    def pieces(self, begins: datetime, ends: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield a span cut where hours begin."""
        at = begins
        while at < ends:
            until = min(at.astimezone(UTC) - self._into(at) + HOUR, ends)
            yield at, until
            at = until

    def days(self, begins: datetime, ends: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield a span cut where days begin."""
        at = begins
        while at < ends:
            until = min(self.begins(self.day_of(at) + DAY), ends)
            yield at, until
            at = until

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def begins(self, day: date) -> datetime:
        """Return when a day begins: at midnight, or when a clock that skips it jumps."""
        midnight = datetime.combine(day, time(), self.zone)
        first = midnight.astimezone(UTC)
        if self.day_of(first) < day:  # it is skipped, and this moment is before the jump
            return midnight.replace(fold=1).astimezone(UTC)
        return first


def _held(known: Sequence[HoursSince], at: datetime) -> Calendar | None:
    if not known:
        return None
    index = bisect_right([one.since for one in known], at)
    return known[max(index - 1, 0)].calendar


def seconds(span: timedelta) -> int:
    """Return whole seconds; 0 for a span that ends before it begins, as clocks may differ."""
    return max(round(span.total_seconds()), 0)
