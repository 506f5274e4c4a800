"""Times as pages show them: in the reader's time zone and language.

The zone is that of their browser; the account's, until the browser has told its own.
"""

from datetime import date, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from babel.dates import format_date

from api.clock import utc_now
from translations.reader import reader
from web.words import _

MINUTE, NEAR, WEEK = timedelta(minutes=1), timedelta(hours=6), 7
MONDAY = date(2026, 1, 5)
"""Any Monday."""


def clock(at: datetime, zone: str) -> str:
    """Return a time as it reads now. `zone`: of the account."""
    return clock_at(at, utc_now(), reader().zone or zone)


def clock_at(at: datetime, now: datetime, zone: str) -> str:
    """Return a time: the hour for today, with the date for another day."""
    here = ZoneInfo(zone)
    local, today = at.astimezone(here), now.astimezone(here).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    if local.year != today.year:
        return day(local, today)
    return _("{day}, {time}", day=day(local, today), time=f"{local:%H:%M}")


def day(at: date, today: date) -> str:
    """Return a date: the day and its month, with the year if it is another one."""
    if at.year == today.year:
        return format_date(at, _("d MMM"), locale=reader().language)
    return format_date(at, _("d MMM y"), locale=reader().language)


def full_date(at: date) -> str:
    """Return a date with its day of the week and its year."""
    return format_date(at, _("EEE d MMM y"), locale=reader().language)


def weekday(at: int) -> str:
    """Return the name of a day of the week, from 0 for Monday."""
    return format_date(MONDAY + timedelta(days=at), "EEEE", locale=reader().language)


def until(at: datetime, zone: str) -> str:
    """Return when something will happen, as it reads now. `zone`: of the account."""
    return until_at(at, utc_now(), reader().zone or zone)


def until_at(at: datetime, now: datetime, zone: str) -> str:
    """Return when something happens: a countdown when it is near, a date and time later on."""
    left = at - now
    if left <= timedelta():
        return _("now")
    if left < MINUTE:
        return _("in {count} s", count=ceil(left.total_seconds()))
    minutes = ceil(left / MINUTE)
    if minutes < 60:
        return _("in {count} min", count=minutes)
    if left < NEAR:
        return _("in {hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)
    return _by_the_clock(at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)))


def _by_the_clock(local: datetime, now: datetime) -> str:
    days, time = (local.date() - now.date()).days, f"{local:%H:%M}"
    if days == 0:
        return _("today at {time}", time=time)
    if days == 1:
        return _("tomorrow at {time}", time=time)
    if days < WEEK:
        return _("on {day} at {time}", day=weekday(local.weekday()), time=time)
    return _("on {day} at {time}", day=day(local, now.date()), time=time)


def left(moment: datetime) -> float:
    """Return how many seconds are left until a moment, never less than 0."""
    return max(round((moment - utc_now()).total_seconds(), 1), 0.0)
