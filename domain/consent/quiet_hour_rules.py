"""When texts that nobody asked for may leave, by the place of a number: data with their sources.

Times are local. A place without a row has the default. Law changes, and this table is no advice:
an account can be stricter. A changed row counts from the next text that is checked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta

VERSION = "2026-11"
"""Of the table; each decision to hold a text names it."""

SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True)
class Window:
    """The part of a day in which a text may leave: from `begins` until just before `ends`."""

    begins: time
    ends: time


def between(begins: int, ends: int, ends_minute: int = 0) -> Window:
    return Window(time(begins), time(ends, ends_minute))


def french_holidays(day: date) -> bool:
    """Say whether a day is a public holiday in all of France (Code du travail, L3133-1)."""
    fixed = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
    easter = _easter(day.year)
    moving = {easter + timedelta(days=days) for days in (1, 39, 50)}
    return (day.month, day.day) in fixed or day in moving


@dataclass(frozen=True)
class Rule:
    """The hours of one place. `days`: weekdays that differ, from Monday 0; None: not at all.

    `is_closed_on`: further days on which nothing leaves.
    """

    place: str
    source: str
    window: Window
    days: tuple[tuple[int, Window | None], ...] = ()
    is_closed_on: Callable[[date], bool] = lambda _: False

    def on(self, day: date) -> Window | None:
        """Return the window of a day; None: nothing leaves on it."""
        if self.is_closed_on(day):
            return None
        return dict(self.days).get(day.weekday(), self.window)


DEFAULT = Rule(
    "the consumer's place",
    "the default of 47 CFR 64.1200(c)(1), for places without a row",
    between(8, 21),
)
UNITED_STATES = Rule("the United States", "47 CFR 64.1200(c)(1) (TCPA)", between(8, 21))


def _state(name: str, source: str, window: Window, *days: tuple[int, Window | None]) -> Rule:
    return Rule(name, source, window, days)


UNTIL_20 = between(8, 20)
OF_STATES: tuple[tuple[Rule, str], ...] = (
    (
        _state("Florida", "Fla. Stat. 501.616(6)", UNTIL_20),
        "239 305 321 324 352 386 407 448 561 645 656 689 727 728 754 772 786 813 850 863 904 941"
        " 954",
    ),
    (
        _state("Oklahoma", "Okla. Stat. tit. 15, 775C.4 (OTSA)", UNTIL_20),
        "405 539 572 580 918",
    ),
    (
        _state("Maryland", "Md. Code, Com. Law 14-4502 (Stop the Spam Calls Act)", UNTIL_20),
        "227 240 301 410 443 667",
    ),
    (
        _state("Mississippi", "Miss. Code 77-3-723 and a vendor's table", UNTIL_20),
        "228 471 601 662 769",
    ),
    (
        _state("New Jersey", "N.J. Stat. 56:8-130 and a vendor's table", UNTIL_20),
        "201 551 609 640 732 848 856 862 908 973",
    ),
    (
        _state("Washington", "RCW 80.36.390", UNTIL_20),
        "206 253 360 425 509 564",
    ),
    (
        _state(
            "Texas",
            "Tex. Bus. & Com. Code 301.051, for texts by SB 140 since 2025-09-01",
            between(9, 21),
            (SUNDAY, between(12, 21)),
        ),
        "210 214 254 281 325 346 361 409 430 432 469 512 621 682 713 726 737 806 817 830 832 903"
        " 915 936 940 945 956 972 979",
    ),
    (
        _state("Connecticut", "Conn. Gen. Stat. 42-288a", between(9, 20)),
        "203 475 860 959",
    ),
    (
        _state(
            "Rhode Island",
            "R.I. Gen. Laws 5-61-3.6",
            between(9, 18),
            (SATURDAY, between(10, 17)),
            (SUNDAY, between(10, 17)),
        ),
        "401",
    ),
)
"""States with stricter hours than the federal ones, each with its area codes (NANPA).

The rows follow vendors' tables of November 2026, with the laws that those name.
"""
BY_AREA_CODE = {code: rule for rule, codes in OF_STATES for code in codes.split()}

CANADA = Rule(
    "Canada",
    "CRTC Unsolicited Telecommunications Rules, part III, 23: made for calls; CASL sets no hours",
    Window(time(9), time(21, 30)),
    ((SATURDAY, between(10, 18)), (SUNDAY, between(10, 18))),
)
FRANCE = Rule(
    "France",
    "custom of the carriers: no Sundays, no public holidays, never after 22:00",
    between(8, 21),
    ((SUNDAY, None),),
    is_closed_on=french_holidays,
)
UNITED_KINGDOM = Rule("the United Kingdom", "guidance for PECR: 08:00 to 21:00", between(8, 21))
GERMANY = Rule("Germany", "custom: no law sets hours for texts", between(8, 21))
BY_REGION = {
    "US": UNITED_STATES,
    "CA": CANADA,
    "FR": FRANCE,
    "GB": UNITED_KINGDOM,
    "DE": GERMANY,
}


def _easter(year: int) -> date:
    """Return Easter Sunday, by the algorithm of Meeus, Jones and Butcher."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)
