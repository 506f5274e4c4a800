"""How moments read on a page: in the account's time, until the browser writes its own."""

from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from api.clock import utc_now

MINUTE, NEAR, WEEK = timedelta(minutes=1), timedelta(hours=6), 7


def clock(at: datetime, zone: str) -> str:
    """Return a time as people of the account read it now."""
    return told(at, utc_now(), zone)


def told(at: datetime, now: datetime, zone: str) -> str:
    """Return a time: the hour today, else with the day."""
    here = ZoneInfo(zone)
    local, today = at.astimezone(here), now.astimezone(here).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    day = f"{local.day} {local:%b}"
    return f"{day}, {local:%H:%M}" if local.year == today.year else f"{day} {local.year}"


def until(at: datetime, zone: str) -> str:
    """Return when something ahead happens, as it is said now."""
    return ahead(at, utc_now(), zone)


def ahead(at: datetime, now: datetime, zone: str) -> str:
    """Return when something happens: counted down when it is near, else by the clock."""
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
    """Return how many seconds are left until a moment; never less than none."""
    return max(round((moment - utc_now()).total_seconds(), 1), 0.0)
