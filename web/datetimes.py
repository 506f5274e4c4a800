"""Times as pages show them: in the account's time zone, until the browser shows its own."""

from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from api.clock import utc_now

MINUTE, NEAR, WEEK = timedelta(minutes=1), timedelta(hours=6), 7


def clock(at: datetime, zone: str) -> str:
    """Return a time as it reads now."""
    return clock_at(at, utc_now(), zone)


def clock_at(at: datetime, now: datetime, zone: str) -> str:
    """Return a time: the hour for today, with the date for another day."""
    here = ZoneInfo(zone)
    local, today = at.astimezone(here), now.astimezone(here).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    day = f"{local.day} {local:%b}"
    return f"{day}, {local:%H:%M}" if local.year == today.year else f"{day} {local.year}"


def until(at: datetime, zone: str) -> str:
    """Return when something will happen, as it reads now."""
    return until_at(at, utc_now(), zone)


def until_at(at: datetime, now: datetime, zone: str) -> str:
    """Return when something happens: a countdown when it is near, a date and time later on."""
    left = at - now
    if left <= timedelta():
        return "now"
    if left < MINUTE:
        return f"in {ceil(left.total_seconds())} s"
    minutes = ceil(left / MINUTE)
    if minutes < 60:
        return f"in {minutes} min"
    if left < NEAR:
        return f"in {minutes // 60} h {minutes % 60} min"
    return _by_the_clock(at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)))


def _by_the_clock(local: datetime, now: datetime) -> str:
    days = (local.date() - now.date()).days
    if days == 0:
        return f"today at {local:%H:%M}"
    if days == 1:
        return f"tomorrow at {local:%H:%M}"
    if days < WEEK:
        return f"on {local:%A} at {local:%H:%M}"
    year = "" if local.year == now.year else f" {local.year}"
    return f"on {local.day} {local:%b}{year} at {local:%H:%M}"


def left(moment: datetime) -> float:
    """Return how many seconds are left until a moment, never less than 0."""
    return max(round((moment - utc_now()).total_seconds(), 1), 0.0)
