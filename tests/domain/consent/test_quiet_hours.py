"""Quiet hours: a text that nobody asked for waits for a lawful hour in every place it may reach."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from phonenumbers import geocoder

from domain.consent.quiet_hour_rules import (
    DEFAULT,
    OF_STATES,
    RULES,
    Basis,
    Rule,
    french_holidays,
    rhode_island_holidays,
)
from domain.consent.quiet_hours import OwnHours, held_until

OWN = OwnHours("UTC")
NEW_YORK, MIAMI, SEATTLE, HOUSTON = "+12125551234", "+13055551234", "+12065551212", "+17135551234"
PROVIDENCE, PARIS, TORONTO = "+14015551234", "+33612345678", "+14165551234"
JACKSON, NEWARK = "+16012345678", "+19732345678"


def moment(zone: str, day: str, at: str) -> datetime:
    local = datetime.combine(date.fromisoformat(day), time.fromisoformat(at), ZoneInfo(zone))
    return local.astimezone(UTC)


@pytest.mark.parametrize(
    ("number", "zone", "day", "at", "leaves"),
    [
        (NEW_YORK, "America/New_York", "2026-11-26", "20:59", None),
        (NEW_YORK, "America/New_York", "2026-11-26", "21:00", "2026-11-27 08:00"),
        (NEW_YORK, "America/New_York", "2026-11-26", "07:59", "2026-11-26 08:00"),
        (MIAMI, "America/New_York", "2026-11-26", "20:00", "2026-11-27 08:00"),
        (MIAMI, "America/New_York", "2026-11-26", "19:59", None),
        (SEATTLE, "America/Los_Angeles", "2026-11-26", "20:30", "2026-11-27 08:00"),
        (HOUSTON, "America/Chicago", "2026-11-28", "21:30", "2026-11-29 12:00"),  # a Sunday
        (PROVIDENCE, "America/New_York", "2026-11-27", "18:00", "2026-11-28 10:00"),
        (PROVIDENCE, "America/New_York", "2026-11-28", "17:00", "2026-11-30 09:00"),  # no Sunday
        (PROVIDENCE, "America/New_York", "2026-11-26", "10:00", "2026-11-27 09:00"),  # a holiday
        (JACKSON, "America/Chicago", "2026-11-28", "20:00", "2026-11-30 08:00"),  # no Sunday
        (NEWARK, "America/New_York", "2026-11-27", "20:30", None),
        (PARIS, "Europe/Paris", "2026-11-28", "22:00", "2026-11-30 08:00"),  # no Sunday
        (PARIS, "Europe/Paris", "2026-12-25", "10:00", "2026-12-26 08:00"),
        (TORONTO, "America/Toronto", "2026-11-27", "21:15", None),
        (TORONTO, "America/Toronto", "2026-11-27", "21:30", "2026-11-28 10:00"),
        # The night in which the clocks go forward is an hour shorter.
        (NEW_YORK, "America/New_York", "2026-03-07", "23:00", "2026-03-08 08:00"),
    ],
)
def test_a_text_waits_for_the_hours_of_its_place(
    number: str, zone: str, day: str, at: str, leaves: str | None
) -> None:
    hold = held_until(number, moment(zone, day, at), OWN)
    if leaves is None:
        assert hold is None
        return
    assert hold is not None
    assert hold.until == moment(zone, *leaves.split())
    assert zone in hold.why


def test_a_number_that_may_be_in_several_zones_waits_for_all_of_them() -> None:
    australian_mobile = "+61412345678"
    hold = held_until(australian_mobile, moment("Australia/Sydney", "2026-11-26", "08:30"), OWN)
    assert hold is not None
    assert hold.until == moment("Indian/Cocos", "2026-11-26", "08:00")
    assert held_until(australian_mobile, hold.until, OWN) is None


def test_a_toll_free_number_may_be_anywhere_in_north_america() -> None:
    noon = moment("America/New_York", "2026-11-26", "12:00")
    hold = held_until("+18005551234", noon, OWN)
    assert hold is not None
    for zone in ("Pacific/Honolulu", "America/New_York", "America/St_Johns", "Pacific/Guam"):
        assert time(8) <= hold.until.astimezone(ZoneInfo(zone)).time() < time(21)


@pytest.mark.parametrize("number", ["+15550100001", "SHOP", "12345"])
def test_a_number_without_a_place_has_the_hours_of_the_account(number: str) -> None:
    own = OwnHours("Europe/Berlin")
    hold = held_until(number, moment("Europe/Berlin", "2026-11-26", "06:00"), own)
    assert hold is not None
    assert hold.until == moment("Europe/Berlin", "2026-11-26", "08:00")


def test_an_account_may_be_stricter_and_never_looser_than_the_law() -> None:
    strict, loose = OwnHours("UTC", time(10), time(18)), OwnHours("UTC", time(5), time(23))
    early = moment("America/New_York", "2026-11-26", "07:00")
    held_strictly, held_loosely = (held_until(NEW_YORK, early, own) for own in (strict, loose))
    assert held_strictly is not None
    assert held_strictly.until == moment("America/New_York", "2026-11-26", "10:00")
    assert held_loosely is not None
    assert held_loosely.until == moment("America/New_York", "2026-11-26", "08:00")


@pytest.mark.parametrize("hours", [(time(22), time(23)), (time(2), time(3)), (time(23, 59),)])
def test_hours_that_never_come_hold_no_text_for_ever_and_send_none_at_night(
    hours: tuple[time, ...],
) -> None:
    impossible = OwnHours("UTC", *hours)
    noon = moment("America/New_York", "2026-11-26", "12:00")
    assert held_until(NEW_YORK, noon, impossible) is None
    night = held_until(NEW_YORK, moment("America/New_York", "2026-11-26", "03:00"), impossible)
    assert night is not None
    assert night.until == moment("America/New_York", "2026-11-26", "08:00")


def test_every_area_code_of_the_table_is_in_its_state() -> None:
    short = {"Florida": "FL", "Oklahoma": "OK", "Maryland": "MD", "Mississippi": "MS"}
    short |= {"Washington": "WA", "Texas": "TX", "Connecticut": "CT"}
    short |= {"Rhode Island": "RI"}
    for rule, codes in OF_STATES:
        for code in codes.split():
            number = phonenumbers.parse(f"+1{code}2345678", None)
            told = geocoder.description_for_number(number, "en")
            is_newer = told in ("", "United States")
            assert is_newer or told.startswith(rule.place) or told.endswith(short[rule.place]), (
                code,
                told,
            )


def test_every_area_code_of_a_state_is_in_the_table() -> None:
    known = {rule.place: codes.split() for rule, codes in OF_STATES}
    for code in map(str, range(200, 1000)):
        number = phonenumbers.parse(f"+1{code}2345678", None)
        told = geocoder.description_for_number(number, "en")
        assert told not in known or code in known[told], (code, told)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.place)
def test_every_row_has_a_source_or_the_hours_of_the_default(rule: Rule) -> None:
    assert rule.place
    assert rule.source
    assert rule.seen.startswith(("https://", "http://"))
    if rule.basis is Basis.ours:
        assert (rule.window, rule.days) == (DEFAULT.window, DEFAULT.days)


@pytest.mark.parametrize(
    ("day", "is_holiday"),
    [
        ("2026-01-19", True),  # Martin Luther King's
        ("2026-05-25", True),  # Memorial Day, the last Monday
        ("2026-05-18", False),
        ("2026-07-03", True),  # the 4th is a Saturday
        ("2026-08-10", True),  # Victory Day
        ("2026-11-26", True),  # Thanksgiving
        ("2026-11-19", False),
        ("2027-07-05", True),  # the 4th is a Sunday
    ],
)
def test_rhode_island_has_the_federal_holidays_and_its_own(day: str, is_holiday: bool) -> None:
    assert rhode_island_holidays(date.fromisoformat(day)) is is_holiday


def test_easter_monday_is_a_holiday_in_france() -> None:
    assert french_holidays(date(2027, 3, 29))
    assert not french_holidays(date(2027, 3, 30))
