"""Working hours as UTC intervals: what a conversation is told, so that it reads no time zones.

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

    Beyond that nothing is known: the holder asks for fresh ones before it comes to that. Without
    intervals and without `known_until` it is always open (an account without working hours).
    """

    model_config = ConfigDict(frozen=True)

    intervals: tuple[Interval, ...] = ()
    known_until: datetime | None = None

    @property
    def is_always(self) -> bool:
        return self.known_until is None

    def is_open(self, now: datetime) -> bool:
        """Say whether `now` is in working hours."""
        return self.is_always or any(one.opens_at <= now < one.closes_at for one in self.intervals)

    def next_open(self, now: datetime) -> datetime | None:
        """Return when hours begin, or `now` while open; None when none are known to come."""
        if self.is_open(now):
            return now
        return next((one.opens_at for one in self.intervals if one.opens_at > now), None)

    def after(self, start: datetime, worked: timedelta) -> datetime | None:
        """Return when `worked` of open time has passed since `start`; None beyond what is known."""
        if self.is_always:
            return start + worked
        left = worked
        for begin, end in self._from(start):
            if left <= end - begin:
                return begin + left
            left -= end - begin
        return None

    def followed_by(self, fresh: "OpenHours", at: datetime, since: datetime) -> "OpenHours":
        """Return fresh hours from `at` on, behind those that were known from `since` until then.

        What still runs counts the time that has passed by the hours it passed in.
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
        for one in self.intervals:
            if one.closes_at > start:
                yield max(one.opens_at, start), one.closes_at
