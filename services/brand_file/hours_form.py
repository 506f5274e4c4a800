"""Working hours in a file: a line for each weekday, and days that differ."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import JsonValue

from domain.hours.calendars import DAY, WEEKDAYS, Calendar, Period, SpecialHours
from domain.people.log_in_names import LONGEST_NAME
from services.brand_file.forms import NotThis, Reading, Text, _word
from services.brand_file.names import Names
from services.brand_file.near import nearest
from services.brand_file.tree import Entries, Listing, Node, Scalar
from services.configuring.hours import NewHours

PERIOD = re.compile(r"(\d{1,2}):([0-5]\d)\s*[-–]\s*(\d{1,2}):([0-5]\d)", re.ASCII)
MOST_PERIODS = 10
"""Of a day."""
MOST_DAYS = 400
CLOSED = "closed"
SPECIAL = "special_days"
KEYS = ("day", "name", "open")


@dataclass(frozen=True)
class HoursForm:
    """`Monday: 09:00-17:00`; what closes before it opens closes on the next day."""

    def read(self, node: Node, reading: Reading) -> JsonValue:
        if isinstance(node, Scalar) and node.is_nothing:
            return {}
        if not isinstance(node, Entries):
            raise NotThis(node, "Weekdays are expected here, such as Monday: 09:00-17:00.")
        _check_keys(node, (*WEEKDAYS, SPECIAL))
        week = {day: _periods(node.values[day]) for day in WEEKDAYS if day in node.values}
        special = _special(node.values.get(SPECIAL))
        return _tidy(week, special)

    def meant(self, value: JsonValue, names: Names) -> object:
        given = value if isinstance(value, dict) else {}
        days = given.get(SPECIAL)
        return NewHours(
            week=[_meant(given.get(day)) for day in WEEKDAYS],
            special=[
                SpecialHours(
                    date.fromisoformat(str(one["day"])),
                    tuple(_meant(one["open"])),
                    str(one.get("name", "")),
                )
                for one in (days if isinstance(days, list) else [])
                if isinstance(one, dict)
            ],
        )

    def shown(self, value: object, names: Names) -> JsonValue:
        if not isinstance(value, Calendar):
            return {}
        week = {day: _shown(value.week[nth]) for nth, day in enumerate(WEEKDAYS)}
        return _tidy(week, [(one.day, one.name, _shown(one.periods)) for one in value.special])


def _tidy(week: dict[str, str], special: Sequence[tuple[date, str, str]]) -> JsonValue:
    """Return hours in the one way in which they are written."""
    tidied: dict[str, JsonValue] = {day: open_ for day, open_ in week.items() if open_ != CLOSED}
    days: list[JsonValue] = [
        {"day": day.isoformat(), **({"name": name} if name else {}), "open": open_}
        for day, name, open_ in sorted(special)
    ]
    return {**tidied, **({SPECIAL: days} if days else {})}


def _check_keys(node: Entries, known: Sequence[str]) -> None:
    unknown = next((key for key in node.values if key not in known), None)
    if unknown is not None:
        where = Scalar(node.lines[unknown], unknown)
        raise NotThis(where, f"{unknown} is not known here.", nearest(unknown, known))


def _special(node: Node | None) -> list[tuple[date, str, str]]:
    if node is None or (isinstance(node, Scalar) and node.is_nothing):
        return []
    if not isinstance(node, Listing):
        raise NotThis(node, "A list of days is expected here, each with day, name and open.")
    if len(node.items) > MOST_DAYS:
        raise NotThis(node, f"Write {MOST_DAYS} at most.")
    return [_special_day(one) for one in node.items]


def _special_day(node: Node) -> tuple[date, str, str]:
    if not isinstance(node, Entries):
        raise NotThis(node, "A day is expected here, with day, name and open.")
    _check_keys(node, KEYS)
    day = node.values.get("day", node)
    try:
        found = date.fromisoformat(_word(day, "A day").text)
    except ValueError:
        raise NotThis(day, "Write a day such as 2026-12-25.") from None
    name = node.values.get("name")
    periods = _periods(node.values.get("open", Scalar(node.line, CLOSED)))
    return found, str(Text(LONGEST_NAME).read(name, Reading())) if name else "", periods


def _periods(node: Node) -> str:
    text = _word(node, "Hours").text.strip()
    if text in (CLOSED, "") or (isinstance(node, Scalar) and node.is_nothing):
        return CLOSED
    found = [PERIOD.fullmatch(one.strip()) for one in text.split(",")[: MOST_PERIODS + 1]]
    if len(found) > MOST_PERIODS:
        raise NotThis(node, f"Write {MOST_PERIODS} at most.")
    if None in found:
        raise NotThis(node, "Write hours such as 09:00-12:00, 13:00-17:00, or closed.")
    periods = [_period(node, *map(int, one.groups())) for one in found if one]
    return _shown(sorted(periods, key=lambda one: one.opens))


def _period(node: Node, opens: int, opens_min: int, closes: int, closes_min: int) -> Period:
    if opens > 23 or closes > 24 or (closes == 24 and closes_min):
        raise NotThis(node, "Hours are from 00:00 to 24:00.")
    begin, end = opens * 60 + opens_min, closes * 60 + closes_min
    return Period(begin, end if end > begin else end + DAY)


def _meant(value: JsonValue) -> list[Period]:
    node = Scalar(0, str(value or CLOSED))
    text = _periods(node)
    if text == CLOSED:
        return []
    found = [PERIOD.fullmatch(one.strip()) for one in text.split(",")]
    return [_period(node, *map(int, one.groups())) for one in found if one]


def _shown(periods: Sequence[Period]) -> str:
    return ", ".join(f"{_clock(one.opens)}-{_clock(one.closes)}" for one in periods) or CLOSED


def _clock(minute: int) -> str:
    return "24:00" if minute == DAY else f"{minute % DAY // 60:02}:{minute % 60:02}"
