"""Spans of days that people ask for by name, by the account's clock."""

from datetime import date, timedelta
from enum import StrEnum

from domain.reporting.months import month_of

DAY = timedelta(days=1)


class Period(StrEnum):
    """A span of days by its name."""

    this_day = "today"
    yesterday = "yesterday"
    last_7 = "last_7"
    """The seven days that end today."""
    last_28 = "last_28"
    this_month = "this_month"
    last_month = "last_month"
    this_year = "this_year"
    own = "own"
    """The days that somebody writes."""


def days_of(period: Period, today: date) -> tuple[date, date] | None:
    """Return the first and the last day of a period; None where somebody writes them."""
    month = month_of(today)
    match period:
        case Period.this_day:
            return today, today
        case Period.yesterday:
            return today - DAY, today - DAY
        case Period.last_7:
            return today - 6 * DAY, today
        case Period.last_28:
            return today - 27 * DAY, today
        case Period.this_month:
            return month, today
        case Period.last_month:
            return month_of(month - DAY), month - DAY
        case Period.this_year:
            return date(today.year, 1, 1), today
        case Period.own:
            return None
