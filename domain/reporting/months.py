"""Months, each by its first day."""

from collections.abc import Iterator
from datetime import date, timedelta

LONGER_THAN_A_MONTH = timedelta(days=32)


def month_of(day: date) -> date:
    return day.replace(day=1)


def following_month(month: date) -> date:
    return month_of(month + LONGER_THAN_A_MONTH)


def months_between(first: date, before: date) -> Iterator[date]:
    """Yield the months from that of a day to just before another month."""
    month = month_of(first)
    while month < before:
        yield month
        month = following_month(month)
