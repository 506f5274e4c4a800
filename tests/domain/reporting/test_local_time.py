"""An account's days and hours, also where clocks jump."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from domain.hours.calendars import Calendar, Period, SpecialHours, open_between
from domain.hours.written import read, written
from domain.reporting.local_time import LocalTime
from domain.reporting.months import following_month, months_between

BERLIN = LocalTime(ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Europe/Berlin", date(2026, 6, 1), 24),
        ("Asia/Beirut", date(2026, 3, 29), 23),  # its clocks skip midnight
        ("Pacific/Apia", date(2026, 1, 1), 24),
    ],
)
def test_days_are_as_long_as_clocks_make_them(zone: str, day: date, hours: int) -> None:
    clock = LocalTime(ZoneInfo(zone))
    begins, ends = clock.begins(day), clock.begins(day + timedelta(days=1))
    assert ends - begins == timedelta(hours=hours)
    assert clock.day_of(begins) == day
    assert clock.day_of(begins - timedelta(seconds=1)) == day - timedelta(days=1)
    assert len(list(clock.pieces(begins, ends))) == hours


def test_pieces_join_to_the_span() -> None:
    begins = datetime(2026, 10, 24, 22, 17, 3, tzinfo=UTC)
    ends = begins + timedelta(hours=9, minutes=50)
    pieces = list(BERLIN.pieces(begins, ends))
    assert pieces[0][0] == begins
    assert pieces[-1][1] == ends
    assert all(one[1] == other[0] for one, other in pairwise(pieces))
    assert not list(BERLIN.pieces(ends, begins))


@pytest.mark.parametrize(
    ("zone", "day", "minutes"),
    [
        ("Australia/Lord_Howe", date(2026, 10, 4), {2: 30}),  # its clocks go on by half an hour
        ("Australia/Lord_Howe", date(2026, 4, 5), {1: 90}),  # and back
        ("Australia/Lord_Howe", date(2026, 6, 1), {}),
        ("Asia/Kathmandu", date(2026, 6, 1), {}),
        ("Europe/Berlin", date(2026, 3, 29), {2: 0}),
        ("Europe/Berlin", date(2026, 10, 25), {2: 120}),
    ],
)
def test_an_hour_is_of_the_number_that_the_clock_shows(
    zone: str, day: date, minutes: Mapping[int, int]
) -> None:
    clock = LocalTime(ZoneInfo(zone))
    begins, ends = clock.begins(day), clock.begins(day + timedelta(days=1))
    shown: Counter[int] = Counter()
    for minute in range((ends - begins) // timedelta(minutes=1)):
        at = begins + minute * timedelta(minutes=1)
        shown[at.astimezone(clock.zone).hour] += 1
        hour = clock.hour_of(at)
        assert hour <= at
        assert clock.hour_of(hour) == hour
        assert hour.astimezone(clock.zone).hour == at.astimezone(clock.zone).hour
    assert shown == Counter({**dict.fromkeys(range(24), 60), **minutes}) + Counter()
    lengths: Counter[int] = Counter()
    for since, until in clock.pieces(begins, ends):
        lengths[since.astimezone(clock.zone).hour] += int((until - since).total_seconds()) // 60
    assert lengths == shown


def test_working_time_knows_nights_and_special_days_and_is_kept_as_data() -> None:
    night = Period(22 * 60, 30 * 60)
    closed = SpecialHours(date(2026, 6, 3), ())
    calendar = Calendar("Europe/Berlin", ((night,),) * 7, (closed,))
    begins = datetime(2026, 6, 1, 20, 30, tzinfo=UTC)  # half past ten at night
    assert open_between(calendar, begins, begins + timedelta(days=1)) == timedelta(hours=8)
    assert open_between(calendar, begins, begins + timedelta(days=2)) == timedelta(hours=9.5)
    assert open_between(calendar, begins, begins) == timedelta()
    assert open_between(Calendar(), begins, begins + timedelta(1)) == timedelta(days=1)
    assert read(written(calendar)) == calendar


def test_months_follow_each_other() -> None:
    assert following_month(date(2026, 12, 1)) == date(2027, 1, 1)
    months = list(months_between(date(2026, 11, 27), date(2027, 2, 1)))
    assert months == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
