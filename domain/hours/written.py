"""Working hours as data, for keeping what they were."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from domain.hours.calendars import Calendar, Period, SpecialHours


def written(calendar: Calendar) -> dict[str, Any]:
    """Return hours as JSON values."""
    return {
        "zone": calendar.zone,
        "week": [_pairs(day) for day in calendar.week],
        "special": [[one.day.isoformat(), _pairs(one.periods)] for one in calendar.special],
    }


def read(data: Mapping[str, Any]) -> Calendar:
    """Return the hours that `written` wrote; the names of special days are not kept."""
    special = (SpecialHours(date.fromisoformat(day), _periods(of)) for day, of in data["special"])
    return Calendar(data["zone"], tuple(map(_periods, data["week"])), tuple(special))


def _pairs(periods: Iterable[Period]) -> list[list[int]]:
    return [[one.opens, one.closes] for one in periods]


def _periods(pairs: Iterable[tuple[int, int]]) -> tuple[Period, ...]:
    return tuple(Period(opens, closes) for opens, closes in pairs)
