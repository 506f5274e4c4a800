"""When texts that nobody asked for may leave, by the place of a number: data with their sources.

Times are local. A place without a row has the default. Law changes, and this table is no advice:
an account can be stricter. A changed row counts from the next text that is checked.

Left out are New Jersey, which vendors list with 08:00 to 20:00 although its law has the federal
hours (N.J. Stat. 56:8-128(d)), and states for which we found no more than a vendor's list.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

VERSION = "2026-11"
"""Of the table; each decision to hold a text names it."""

MONDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = 0, 3, 4, 5, 6
DAY = timedelta(days=1)


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


def rhode_island_holidays(day: date) -> bool:
    """Say whether a day is a holiday there: federal (5 U.S.C. 6103), or Victory Day in August.

    One on a Sunday is kept on the Monday after it as well, one on a Saturday on the Friday before.
    """
    fixed = {(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)}
    near = [day, *([day - DAY] if day.weekday() == MONDAY else [])]
    near += [day + DAY] if day.weekday() == FRIDAY else []
    if any((one.month, one.day) in fixed for one in near):
        return True
    week = (day.day + 6) // 7  # of the month, from 1
    is_last = (day + 7 * DAY).month != day.month
    if day.weekday() == THURSDAY:
        return (day.month, week) == (11, 4)
    mondays = {(1, 3), (2, 3), (8, 2), (9, 1), (10, 2)}
    return day.weekday() == MONDAY and (
        (day.month, week) in mondays or (day.month == 5 and is_last)
    )


class Basis(StrEnum):
    """Where the hours of a row come from."""

    law = "law"
    regulator = "regulator"
    carriers = "carriers"
    ours = "ours"
    """Nobody sets hours there that we could name, so they are those of the default."""


@dataclass(frozen=True)
class Rule:
    """The hours of one place. `days`: weekdays that differ, from Monday 0; None: not at all.

    `source`: what sets them. `seen`: where that was read in November 2026. `is_closed_on`: further
    days on which nothing leaves.
    """

    place: str
    basis: Basis
    source: str
    seen: str
    window: Window
    days: tuple[tuple[int, Window | None], ...] = ()
    is_closed_on: Callable[[date], bool] = lambda _: False

    def on(self, day: date) -> Window | None:
        """Return the window of a day; None: nothing leaves on it."""
        if self.is_closed_on(day):
            return None
        return dict(self.days).get(day.weekday(), self.window)


FEDERAL = "https://www.ecfr.gov/current/title-47/section-64.1200"
DEFAULT = Rule(
    "the consumer's place",
    Basis.ours,
    "those of 47 CFR 64.1200(c)(1), for places without a row",
    FEDERAL,
    between(8, 21),
)
UNITED_STATES = Rule(
    "the United States", Basis.law, "47 CFR 64.1200(c)(1) (TCPA)", FEDERAL, between(8, 21)
)

UNTIL_20 = between(8, 20)
OF_STATES: tuple[tuple[Rule, str], ...] = (
    (
        Rule(
            "Florida",
            Basis.law,
            "Fla. Stat. 501.616(6)",
            "https://blog.clickpointsoftware.com/federal-and-local-call-time-and-date-compliance",
            UNTIL_20,
        ),
        "239 305 321 324 352 386 407 448 561 645 656 689 727 728 754 772 786 813 850 863 904 941"
        " 954",
    ),
    (
        Rule(
            "Oklahoma",
            Basis.law,
            "Okla. Stat. tit. 15, 775C.4 (OTSA)",
            "https://blog.clickpointsoftware.com/federal-and-local-call-time-and-date-compliance",
            UNTIL_20,
        ),
        "405 539 572 580 918",
    ),
    (
        Rule(
            "Maryland",
            Basis.law,
            "Md. Code, Com. Law 14-4502 (Stop the Spam Calls Act of 2023)",
            "https://www.dnc.com/index.php/news/maryland-governor-signs-stop-spam-calls-act-2023-law",
            UNTIL_20,
        ),
        "227 240 301 410 443 667",
    ),
    (
        Rule(
            "Mississippi",
            Basis.law,
            "Miss. Code 77-3-723(1): not on Sundays",
            "https://www.dnc.com/blog/no-more-holidays-mississippi-marketers-magnolia-state-lifts-prohibition-telemarketing-legal",
            UNTIL_20,
            ((SUNDAY, None),),
        ),
        "228 471 601 662 769",
    ),
    (
        Rule(
            "Washington",
            Basis.law,
            "RCW 19.158.040(2)",
            "https://app.leg.wa.gov/RCW/default.aspx?cite=19.158.040",
            UNTIL_20,
        ),
        "206 253 360 425 509 564",
    ),
    (
        Rule(
            "Texas",
            Basis.law,
            "Tex. Bus. & Com. Code 301.051, for texts by SB 140 since 2025-09-01",
            "https://www.cloudcommunications.com/news/texas-senate-bill-140",
            between(9, 21),
            ((SUNDAY, between(12, 21)),),
        ),
        "210 214 254 281 325 346 361 409 430 432 469 512 621 682 713 726 737 806 817 830 832 903"
        " 915 936 940 945 956 972 979",
    ),
    (
        Rule(
            "Connecticut",
            Basis.law,
            "Conn. Gen. Stat. 42-288a",
            "https://support.referrizer.com/en/category/text-campaigns/article/tcpa-quiet-hours-and-state-specific-rules-for-text-campaigns",
            between(9, 20),
        ),
        "203 475 860 959",
    ),
    (
        Rule(
            "Rhode Island",
            Basis.law,
            "R.I. Gen. Laws 5-61-3.6 and 5-61-2(2): not on Sundays and holidays",
            "http://webserver.rilin.state.ri.us/Statutes/TITLE5/5-61/5-61-3.6.HTM",
            between(9, 18),
            ((SATURDAY, between(10, 17)), (SUNDAY, None)),
            is_closed_on=rhode_island_holidays,
        ),
        "401",
    ),
)
"""States with stricter hours than the federal ones, each with its area codes (NANPA).

The laws speak of calls. That they apply to texts as well is the careful reading.
"""
BY_AREA_CODE = {code: rule for rule, codes in OF_STATES for code in codes.split()}

CANADA = Rule(
    "Canada",
    Basis.regulator,
    "CRTC Unsolicited Telecommunications Rules, part III, 23: made for calls; CASL sets no hours",
    "http://www.crtc.gc.ca/eng/trules-reglest.htm",
    Window(time(9), time(21, 30)),
    ((SATURDAY, between(10, 18)), (SUNDAY, between(10, 18))),
)
FRANCE = Rule(
    "France",
    Basis.carriers,
    "they hold commercial texts on Sundays, public holidays and after 22:00; the rest is ours",
    "https://support.callr.com/hc/en-us/articles/115000858183-SMS-traffic-types-and-legal-framework-France",
    between(8, 21),
    ((SUNDAY, None),),
    is_closed_on=french_holidays,
)
UNITED_KINGDOM = Rule(
    "the United Kingdom",
    Basis.ours,
    "PECR sets no hours; the DMA Code asks to avoid antisocial times",
    "https://help.listrak.com/en/articles/8291119-sms-compliance-in-the-united-kingdom",
    between(8, 21),
)
BY_REGION = {
    "US": UNITED_STATES,
    "CA": CANADA,
    "FR": FRANCE,
    "GB": UNITED_KINGDOM,
}
RULES = (*(rule for rule, _ in OF_STATES), *BY_REGION.values(), DEFAULT)


def _easter(year: int) -> date:
    """Return Easter Sunday, by the algorithm of Meeus, Jones and Butcher."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)
