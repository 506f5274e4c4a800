"""Working hours as UTC intervals, so that a conversation needs no time-zone tables.

`domain.hours.calendars` makes them from weekly periods, special days and a zone.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict


class Interval(BaseModel):
    """Open from `opens_at` until just before `closes_at`, both UTC."""

    model_config = ConfigDict(frozen=True)

    opens_at: datetime
    closes_at: datetime


class OpenHours(BaseModel):
    """Open intervals, sorted and without overlap, known until `known_until` (UTC).

    The conversation asks for fresh hours before `known_until`. Without intervals and without
    `known_until` it is always open: the account has set no working hours.
    """

    model_config = ConfigDict(frozen=True)

    intervals: tuple[Interval, ...] = ()
    known_until: datetime | None = None

    @property
    def is_always(self) -> bool:
        return self.known_until is None

    def is_open(self, now: datetime) -> bool:
        """Say whether `now` is in working hours."""
        return self.is_always or any(
            interval.opens_at <= now < interval.closes_at for interval in self.intervals
        )

    def next_open(self, now: datetime) -> datetime | None:
        """Return when hours next begin, or `now` while open; None if none are known to come."""
        if self.is_open(now):
            return now
        return next((later.opens_at for later in self.intervals if later.opens_at > now), None)

    def after(self, start: datetime, worked: timedelta) -> datetime | None:
        """Return when `worked` open time has passed since `start`; None if that is not known."""
        if self.is_always:
            return start + worked
        left = worked
        for begin, end in self._from(start):
            if left <= end - begin:
                return begin + left
            left -= end - begin
        return None

    def followed_by(self, fresh: "OpenHours", at: datetime, since: datetime) -> "OpenHours":
        """Return these hours from `since` until `at`, and the fresh ones from then on.

        A running clock so counts past time by the hours that held then.
        """
        if self.known_until is None or fresh.known_until is None:
            return fresh
        at = min(at, self.known_until)
        joined = self._between(since, at) + fresh._between(at, fresh.known_until)
        return OpenHours(intervals=joined, known_until=fresh.known_until)

    def _between(self, start: datetime, end: datetime) -> tuple[Interval, ...]:
        spans = ((begin, min(close, end)) for begin, close in self._from(start))
        return tuple(Interval(opens_at=a, closes_at=b) for a, b in spans if a < b)

    def _from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        for interval in self.intervals:
            if interval.closes_at > start:
                yield max(interval.opens_at, start), interval.closes_at
