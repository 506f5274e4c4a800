"""Months in UTC, as partitions have them."""

from collections.abc import Iterator
from datetime import UTC, datetime


def month_of(at: datetime) -> datetime:
    """Return the beginning of a moment's month."""
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def next_month(month: datetime) -> datetime:
    """Return the beginning of the month after one that is given by its beginning."""
    years, number = divmod(month.month, 12)
    return month.replace(year=month.year + years, month=number + 1)


def months(first: datetime, last: datetime) -> Iterator[datetime]:
    """Yield the beginnings of the months from one moment to another."""
    month = month_of(first)
    while month <= last:
        yield month
        month = next_month(month)


def months_from(now: datetime, ahead: int) -> list[datetime]:
    """Return the beginnings of this month and of some after it."""
    found = [month_of(now)]
    while len(found) <= ahead:
        found.append(next_month(found[-1]))
    return found
