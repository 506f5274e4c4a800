"""Quiet hours: until when a text that nobody asked for waits, by every place its number may be in.

Workflows never call this: tables of time zones and rules change. An activity does, and the decision
is kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import PhoneNumber, timezone

from domain.consent.hold import Hold
from domain.consent.quiet_hour_rules import (
    BY_AREA_CODE,
    BY_REGION,
    DEFAULT,
    VERSION,
    Rule,
)
from domain.numbers.phone_numbers import is_toll_free

NORTH_AMERICA = 1
LONGEST_WAIT = timedelta(days=8)
"""A week and a day: where no moment of it suits every zone, the account's zone decides alone."""


@dataclass(frozen=True)
class OwnHours:
    """An account's stricter hours, which narrow those of the law, and its time zone."""

    time_zone: str
    begins: time = time(0)
    ends: time = time.max


@dataclass(frozen=True)
class _Place:
    zone: ZoneInfo
    rule: Rule


def held_until(number: str, at: datetime, own: OwnHours) -> Hold | None:
    """Return until when a text to an E.164 number waits that would leave at `at`; None: it may."""
    everywhere = _places(number, own)
    at_home = [_Place(ZoneInfo(own.time_zone), everywhere[0].rule)]
    # Own hours that never come, because the law's are others, must not lead to a text at night.
    law = OwnHours(own.time_zone)
    for hours, places in product((own, law), (everywhere, at_home)):
        leaves = _first_moment(places, at, hours)
        if leaves is not None:
            return _hold(places, at, hours, leaves) if leaves > at else None
    return None


def _hold(places: Sequence[_Place], at: datetime, own: OwnHours, leaves: datetime) -> Hold:
    place = next(place for place in places if _next(place, at, own) != at)
    return Hold(until=leaves, why=_why(place, places, own), rules=VERSION)


def rules_of(number: str) -> tuple[Rule, Sequence[str]]:
    """Return the rule of a number, and every zone it may be in; no zone: none is known."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return DEFAULT, ()
    return _rule(parsed), _zones(number, parsed)


def _places(number: str, own: OwnHours) -> list[_Place]:
    rule, zones = rules_of(number)
    return [_Place(ZoneInfo(zone), rule) for zone in zones or (own.time_zone,)]


def _rule(parsed: PhoneNumber) -> Rule:
    region = phonenumbers.region_code_for_number(parsed)
    area_code = str(parsed.national_number)[:3]
    if (
        parsed.country_code == NORTH_AMERICA
        and region in ("US", None)
        and area_code in BY_AREA_CODE
    ):
        return BY_AREA_CODE[area_code]
    return BY_REGION.get(region or "", DEFAULT)


def _zones(number: str, parsed: PhoneNumber) -> Sequence[str]:
    """Return every zone of a number. One that its plan does not know reaches nobody: no zone."""
    if not phonenumbers.is_valid_number(parsed):
        return ()
    # An area code of North America is of one place, for mobile phones too.
    is_of_a_place = parsed.country_code == NORTH_AMERICA and not is_toll_free(number)
    of_number = timezone.time_zones_for_geographical_number
    found = of_number(parsed) if is_of_a_place else timezone.time_zones_for_number(parsed)
    return [zone for zone in found if zone != timezone.UNKNOWN_TIMEZONE]


def _first_moment(places: Sequence[_Place], at: datetime, own: OwnHours) -> datetime | None:
    """Return the first moment from `at` that suits every place."""
    moment = at
    while moment <= at + LONGEST_WAIT:
        later = max(_next(place, moment, own) for place in places)
        if later == moment:
            return moment
        moment = later
    return None


def _next(place: _Place, at: datetime, own: OwnHours) -> datetime:
    """Return the first moment from `at` that suits one place."""
    first = at.astimezone(place.zone).date()
    for begins, ends in _windows(place, first, own):
        if at < ends:
            return max(at, begins)
    return at + LONGEST_WAIT + timedelta(days=1)


def _windows(place: _Place, first: date, own: OwnHours) -> Iterator[tuple[datetime, datetime]]:
    for days in range(LONGEST_WAIT.days + 2):
        day = first + timedelta(days=days)
        window = place.rule.on(day)
        if window is None:
            continue
        begins, ends = max(window.begins, own.begins), min(window.ends, own.ends)
        if begins < ends:
            yield _instant(day, begins, place.zone), _instant(day, ends, place.zone)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def _why(place: _Place, places: Sequence[_Place], own: OwnHours) -> str:
    window = place.rule.window
    begins, ends = max(window.begins, own.begins), min(window.ends, own.ends)
    others = f" and {len(places) - 1} more zones" if len(places) > 1 else ""
    hours = f"texts leave {begins:%H:%M} to {ends:%H:%M}"
    return f"quiet hours in {place.rule.place} ({hours}, {place.zone.key}{others})"
