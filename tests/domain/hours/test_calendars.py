"""When it is open: weeks, nights, special days, and clocks that jump."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.errors import Invalid
from domain.hours.calendars import ALL_DAY, Calendar, Period, SpecialHours, check, open_hours
from domain.hours.open_hours import OpenHours

BERLIN = "Europe/Berlin"
OFFICE = Period(9 * 60, 17 * 60)
NIGHT = Period(22 * 60, 30 * 60)


def week(**days: list[Period]) -> tuple[tuple[Period, ...], ...]:
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return tuple(tuple(days.get(name, ())) for name in names)


def every_day(*periods: Period) -> tuple[tuple[Period, ...], ...]:
    return (periods,) * 7


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def spans(hours: OpenHours, day: str) -> list[str]:
    """Return the intervals that touch a UTC day, as text."""
    begin = at(day)
    end = begin + timedelta(days=1)
    return [
        f"{one.opens_at:%d %H:%M}-{one.closes_at:%d %H:%M}"
        for one in hours.intervals
        if one.opens_at < end and one.closes_at > begin
    ]


def test_without_any_hours_it_is_always_open() -> None:
    hours = open_hours(Calendar(zone=BERLIN), at("2026-06-01T12:00"))
    assert hours.is_always
    assert hours.is_open(at("2031-01-01T03:00"))


def test_a_day_may_have_several_periods_in_the_zone_of_the_account() -> None:
    morning, afternoon = Period(8 * 60, 12 * 60), Period(13 * 60, 18 * 60)
    calendar = Calendar(zone=BERLIN, week=week(mon=[morning, afternoon]))
    hours = open_hours(calendar, at("2026-06-01T05:00"))
    assert spans(hours, "2026-06-01") == ["01 06:00-01 10:00", "01 11:00-01 16:00"]
    assert spans(hours, "2026-06-02") == []


def test_a_night_runs_into_the_next_day() -> None:
    hours = open_hours(Calendar(week=week(sun=[NIGHT])), at("2026-06-07T12:00"))
    assert hours.is_open(at("2026-06-08T05:59"))
    assert not hours.is_open(at("2026-06-08T06:00"))


def test_the_night_that_began_yesterday_is_open_now() -> None:
    hours = open_hours(Calendar(zone=BERLIN, week=week(mon=[NIGHT])), at("2026-06-02T01:00"))
    assert hours.is_open(at("2026-06-02T01:00"))


def test_periods_that_touch_are_one() -> None:
    hours = open_hours(Calendar(week=every_day(ALL_DAY)), at("2026-06-01T12:00"))
    assert len(hours.intervals) == 1
    assert hours.known_until == at("2026-07-31T00:00") == hours.intervals[0].closes_at


def test_a_special_day_closes_what_the_week_opens() -> None:
    calendar = Calendar(week=every_day(OFFICE), special=(SpecialHours(date(2026, 12, 25)),))
    hours = open_hours(calendar, at("2026-12-24T18:00"))
    assert spans(hours, "2026-12-25") == []
    assert hours.next_open(at("2026-12-24T18:00")) == at("2026-12-26T09:00")


def test_a_special_day_opens_what_the_week_closes() -> None:
    special = SpecialHours(date(2026, 12, 6), (Period(10 * 60, 14 * 60),))
    calendar = Calendar(week=week(mon=[OFFICE]), special=(special,))
    hours = open_hours(calendar, at("2026-12-01T00:00"))
    assert spans(hours, "2026-12-06") == ["06 10:00-06 14:00"]


def test_the_night_before_a_special_day_ends_at_midnight() -> None:
    calendar = Calendar(week=every_day(NIGHT), special=(SpecialHours(date(2026, 12, 25)),))
    hours = open_hours(calendar, at("2026-12-24T12:00"))
    assert spans(hours, "2026-12-24") == ["23 22:00-24 06:00", "24 22:00-25 00:00"]
    assert hours.next_open(at("2026-12-25T00:00")) == at("2026-12-26T22:00")


def test_a_special_night_runs_into_an_ordinary_morning() -> None:
    special = SpecialHours(date(2026, 12, 31), (Period(20 * 60, 34 * 60),))
    calendar = Calendar(week=every_day(OFFICE), special=(special,))
    hours = open_hours(calendar, at("2026-12-31T12:00"))
    assert spans(hours, "2027-01-01") == ["31 20:00-01 17:00"]


def test_special_days_alone_are_exceptions_from_always_open() -> None:
    calendar = Calendar(special=(SpecialHours(date(2026, 12, 25)),))
    hours = open_hours(calendar, at("2026-12-24T12:00"))
    assert hours.is_open(at("2026-12-24T23:59"))
    assert not hours.is_open(at("2026-12-25T12:00"))
    assert hours.is_open(at("2026-12-26T00:00"))


@pytest.mark.parametrize(
    ("period", "day", "expected"),
    [
        # 29 March 2026, 02:00 -> 03:00 (01:00 UTC).
        (Period(0, 5 * 60), "2026-03-29", "28 23:00-29 03:00"),
        (Period(2 * 60 + 30, 5 * 60), "2026-03-29", "29 01:00-29 03:00"),
        (Period(60, 2 * 60 + 30), "2026-03-29", "29 00:00-29 01:00"),
        (OFFICE, "2026-03-29", "29 07:00-29 15:00"),
        # 25 October 2026, 03:00 -> 02:00 (01:00 UTC).
        (Period(0, 5 * 60), "2026-10-25", "24 22:00-25 04:00"),
        (Period(2 * 60 + 30, 5 * 60), "2026-10-25", "25 00:30-25 04:00"),
        (Period(60, 2 * 60 + 30), "2026-10-25", "24 23:00-25 01:30"),
        (OFFICE, "2026-10-25", "25 08:00-25 16:00"),
    ],
)
def test_daylight_saving_moves_hours_with_the_clock_on_the_wall(
    period: Period, day: str, expected: str
) -> None:
    calendar = Calendar(zone=BERLIN, week=week(sun=[period]))
    assert spans(open_hours(calendar, at(day)), day) == [expected]


def test_a_period_inside_the_hour_that_is_skipped_is_not_open_at_all() -> None:
    calendar = Calendar(zone=BERLIN, week=week(sun=[Period(2 * 60 + 15, 2 * 60 + 45)]))
    assert spans(open_hours(calendar, at("2026-03-29T00:00")), "2026-03-29") == []


def test_a_zone_whose_clocks_jump_at_midnight_keeps_whole_days() -> None:
    calendar = Calendar(zone="Asia/Beirut", week=every_day(ALL_DAY))
    hours = open_hours(calendar, at("2026-03-20T12:00"))
    assert len(hours.intervals) == 1


def test_response_time_runs_over_the_night_the_clocks_change() -> None:
    calendar = Calendar(zone=BERLIN, week=every_day(OFFICE))
    hours = open_hours(calendar, at("2026-03-28T12:00"))
    assert hours.after(at("2026-03-28T15:00"), timedelta(hours=2)) == at("2026-03-29T08:00")


@pytest.mark.parametrize(
    ("calendar", "sentence"),
    [
        (Calendar(week=week(mon=[Period(600, 600)])), "Monday: the period 10:00-10:00 is empty"),
        (Calendar(week=week(mon=[Period(600, 500)])), "Monday: the period 10:00-08:20 is empty"),
        (Calendar(week=week(mon=[Period(0, 1441)])), "longer than a day"),
        (Calendar(week=week(mon=[Period(1440, 1500)])), "must begin between 00:00 and 23:59"),
        (
            Calendar(week=week(mon=[Period(480, 720), Period(700, 800)])),
            "Monday 08:00-12:00 and Monday 11:40-13:20 overlap",
        ),
        (
            Calendar(week=week(mon=[NIGHT], tue=[Period(5 * 60, 600)])),
            "Monday 22:00-06:00 and Tuesday 05:00-10:00 overlap",
        ),
        (
            Calendar(week=week(sun=[NIGHT], mon=[Period(0, 60)])),
            "Sunday 22:00-06:00 and Monday 00:00-01:00 overlap",
        ),
        (
            Calendar(special=(SpecialHours(date(2026, 12, 24), (OFFICE, OFFICE)),)),
            "2026-12-24 09:00-17:00 and 2026-12-24 09:00-17:00 overlap",
        ),
        (
            Calendar(special=(SpecialHours(date(2026, 12, 24)),) * 2),
            "2026-12-24 is listed twice",
        ),
    ],
)
def test_impossible_hours_are_refused_with_a_sentence(calendar: Calendar, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        check(calendar)


@pytest.mark.parametrize(
    "calendar",
    [
        Calendar(),
        Calendar(week=every_day(ALL_DAY)),
        Calendar(week=every_day(NIGHT)),
        Calendar(week=week(mon=[Period(480, 720), Period(720, 1080)])),
        Calendar(week=week(sun=[NIGHT], mon=[Period(6 * 60, 600)])),
    ],
)
def test_hours_that_only_touch_are_accepted(calendar: Calendar) -> None:
    check(calendar)
