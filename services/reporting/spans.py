"""Spans of days that reports are about."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from database.queries.reports.sums import Stretches
from domain.errors import Invalid
from domain.reporting.local_time import LocalTime
from domain.reporting.months import following_month, month_of

DAY = timedelta(days=1)
FIRST = date(2000, 1, 1)
LAST = date(2200, 1, 1)
"""Ours: days before and after have no conversations, and calendars end somewhere."""


@dataclass(frozen=True)
class Days:
    """Days from `first` to `last`, both included, by the account's clock."""

    first: date
    last: date

    def check(self) -> None:
        """Raise `Invalid` for a span that ends before it begins, or is nowhere near our time."""
        if self.last < self.first:
            raise Invalid(f"The last day, {self.last}, is before the first one, {self.first}.")
        if self.first < FIRST or self.last > LAST:
            raise Invalid("Reports are about days from 2000 to 2200.")

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Days":
        """Return as many days just before."""
        return Days(self.first - self.count * DAY, self.first - DAY)

    def within(self, first: date, last: date) -> "Days | None":
        """Return those that are in another span; None: no day is."""
        begins, ends = max(self.first, first), min(self.last, last)
        return Days(begins, ends) if begins <= ends else None

    def stretches(self, clock: LocalTime, summed: Collection[date]) -> Stretches:
        """Return them as months that are summed and other days."""
        months: list[datetime] = []
        days: list[datetime] = []
        edges: list[tuple[datetime, datetime]] = []
        day = self.first
        while day <= self.last:
            following = following_month(day)
            if day == month_of(day) and day in summed and following - DAY <= self.last:
                months.append(clock.begins(day))
                day = following
            else:
                days.append(clock.begins(day))
                day += DAY
                goes_on = bool(edges) and edges[-1][1] == days[-1]
                begins = edges.pop()[0] if goes_on else days[-1]
                edges.append((begins, clock.begins(day)))
        ends = clock.begins(self.last + DAY)
        return Stretches(clock.begins(self.first), ends, months, days, edges)
