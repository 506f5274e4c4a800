"""Allowed values of an account's settings, for pages, API and CLI alike.

The ranges are ours unless a comment says otherwise: wide enough for every contact centre we know
of, and narrow enough to refuse a mistyped unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import available_timezones

from domain.errors import Invalid
from domain.languages import check_language
from domain.people.log_in_names import shown_name

MINUTE = 60
DAY = 86400


@dataclass(frozen=True)
class Range:
    """The lowest and the highest value, both allowed; times in seconds."""

    lowest: float
    highest: float

    def __contains__(self, value: float) -> bool:
        return self.lowest <= value <= self.highest


AUTO_CLOSE = Range(25 * MINUTE, 90 * DAY)
RESPONSE_TIME = Range(MINUTE, 30 * DAY)
PRIORITY = Range(-100, 100)
"""Minutes."""
CAPACITY = Range(0, 100)
SILENCE = Range(15, 30 * DAY)
TRANSFER_WAIT = Range(15, DAY)
RING_TIMEOUT = Range(5, 600)
ALERT_WAITING = Range(30, DAY)
TEXT_BOUND = Range(1, 1_000_000)
"""Ours: a bound of none would be no bound but a stop."""
AUDIT_KEPT = Range(30, 3650)
"""Days. Ours: a month at least, so that whoever changed something cannot hide it at once."""
RETENTION = Range(7, 3650)
"""Days. Ours: surveys, late texts and reports of delivery are over within a week."""
MISSED_OFFERS = Range(0, 100)
AFFINITY = Range(0, 90 * DAY)
GRACE = Range(0, DAY)
IDLE_AFTER = Range(0, DAY)
IDLE_WEIGHT = Range(0, 1)
THANKS_SHOWN = Range(0, 30 * DAY)
AUTOMATIC_REPLIES = Range(0, 10 * MINUTE)
JOIN_WINDOW = Range(10, 600)
"""Below ten seconds, parts that come one by one would be torn apart. While a text waits for a lost
part, its consumer's later texts wait behind it: ten minutes at most.
"""
FILED_AFTER = Range(15 * MINUTE, 7 * DAY)
"""The lowest is above the time between two runs; working hours are known for a week back."""
SEGMENTS_PER_SECOND = Range(0.1, 1000)
GIVE_UP = Range(5 * MINUTE, 3 * DAY)
BOT_DEADLINE = Range(2, 60)
"""Below two seconds, a usual hiccup of the network would be too late; nobody waits for more than a
minute.
"""
BOT_TEXTS = Range(1, 500)
BOT_TURNS = Range(1, 500)
BOT_TURNS_PER_MINUTE = Range(1, 60)
POSITION = Range(-1000, 1000)
"""Of a field or a panel among others: lower ones come first."""
LONGEST_PREFIX = 60

RANGES: Mapping[str, Range] = {
    "auto_close_seconds": AUTO_CLOSE,
    "response_seconds": RESPONSE_TIME,
    "first_response_seconds": RESPONSE_TIME,
    "priority": PRIORITY,
    "capacity": CAPACITY,
    "default_capacity": CAPACITY,
    "agent_silent_nudge_seconds": SILENCE,
    "agent_silent_reroute_seconds": SILENCE,
    "agent_transfer_fallback_seconds": TRANSFER_WAIT,
    "ring_timeout_seconds": RING_TIMEOUT,
    "alert_waiting_seconds": ALERT_WAITING,
    "audit_kept_days": AUDIT_KEPT,
    "retention_days": RETENTION,
    "agent_texts_a_minute": TEXT_BOUND,
    "agent_texts_a_day": TEXT_BOUND,
    "line_texts_a_minute": TEXT_BOUND,
    "line_texts_a_day": TEXT_BOUND,
    "account_texts_a_minute": TEXT_BOUND,
    "account_texts_a_day": TEXT_BOUND,
    "missed_offers_allowed": MISSED_OFFERS,
    "affinity_seconds": AFFINITY,
    "release_after_seconds": GRACE,
    "thanks_shown_seconds": THANKS_SHOWN,
    "automatic_replies_seconds": AUTOMATIC_REPLIES,
    "idle_after_seconds": IDLE_AFTER,
    "join_window_seconds": JOIN_WINDOW,
    "idle_weight": IDLE_WEIGHT,
    "filed_after_seconds": FILED_AFTER,
    "segments_per_second": SEGMENTS_PER_SECOND,
    "give_up_seconds": GIVE_UP,
    "deadline_seconds": BOT_DEADLINE,
    "texts_most": BOT_TEXTS,
    "turns_most": BOT_TURNS,
    "turns_per_minute": BOT_TURNS_PER_MINUTE,
    "position": POSITION,
}
"""Ranges by the name of the setting, which means the same in every table and form."""
NAMES = frozenset({"name", "brand"})


def check_setting(name: str, value: object) -> None:
    """Raise `Invalid` for a value that a setting may not have. None is always allowed."""
    if isinstance(value, int | float) and name in RANGES and value not in RANGES[name]:
        allowed = RANGES[name]
        raise Invalid(f"{name} is a number from {allowed.lowest:g} to {allowed.highest:g}.")
    if isinstance(value, str) and name in NAMES:
        shown_name(value)
    if name == "language" and isinstance(value, str):
        check_language(value)
    if name == "time_zone" and not is_time_zone(str(value)):
        raise Invalid(f"{value} is not a time zone. Write one such as Europe/Berlin.")
    if name == "prefix" and not is_prefix(str(value)):
        raise Invalid(f"A prefix is one line of at most {LONGEST_PREFIX} characters.")


TIME_ZONES = tuple(sorted({"UTC"} | {zone for zone in available_timezones() if "/" in zone}))
"""What people choose from: the zones of places. The database has more, which are older names."""


MACHINES_OWN = {"localtime", "posixrules", "Factory"}
"""Files beside those of zones. https://www.iana.org/time-zones, `tzfile` and `Makefile`"""


def is_time_zone(name: str) -> bool:
    """Say whether a name is one of the IANA time zone database, and not of this machine alone."""
    return name in available_timezones() - MACHINES_OWN


def is_prefix(text: str) -> bool:
    """Say whether a text may stand before every automatic message of a connector."""
    return len(text) <= LONGEST_PREFIX and text.isprintable()
