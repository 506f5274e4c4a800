"""The hours in which a batch's texts may leave."""

from dataclasses import dataclass
from datetime import time
from typing import Protocol

from domain.consent.quiet_hour_rules import DEFAULT
from domain.consent.quiet_hours import OwnHours
from domain.errors import Invalid


class AccountHours(Protocol):
    """What an account has set."""

    @property
    def holds_quiet_hours(self) -> bool: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def texts_from(self) -> time | None: ...
    @property
    def texts_until(self) -> time | None: ...


class Window(Protocol):
    """What a batch has set."""

    @property
    def window_from(self) -> time | None: ...
    @property
    def window_until(self) -> time | None: ...


class Hours(AccountHours, Window, Protocol):
    """What says when texts may leave: the account's settings, and the batch's own window."""


@dataclass(frozen=True)
class HoursSet:
    """Hours as they are set; None: not set. A batch's own window narrows those of the account."""

    holds_quiet_hours: bool
    time_zone: str
    texts_from: time | None = None
    texts_until: time | None = None
    window_from: time | None = None
    window_until: time | None = None


def hours_of(account: AccountHours, batch: Window) -> HoursSet:
    """Return the hours of a batch in its account."""
    return HoursSet(
        account.holds_quiet_hours,
        account.time_zone,
        account.texts_from,
        account.texts_until,
        batch.window_from,
        batch.window_until,
    )


def own_hours(hours: Hours) -> OwnHours | None:
    """Return the hours that narrow those of a place; None: texts leave at any time.

    A window of a batch keeps to the hours of each place as well, whatever the account has set.
    """
    begins, ends = hours.window_from, hours.window_until
    if not hours.holds_quiet_hours:
        if begins is None and ends is None:
            return None
        return OwnHours(hours.time_zone, begins or time(0), ends or time.max)
    return OwnHours(
        hours.time_zone,
        max(begins or time(0), hours.texts_from or time(0)),
        min(ends or time.max, hours.texts_until or time.max),
    )


def check_hours(hours: Hours) -> None:
    """Refuse a window in which no text may leave, whatever the place. Raises `Invalid`."""
    begins, ends = hours.window_from, hours.window_until
    if begins is not None and ends is not None and begins >= ends:
        raise Invalid("The hours in which texts leave have to end after they begin.")
    own, usual = own_hours(hours), DEFAULT.window
    if own is None or max(own.begins, usual.begins) < min(own.ends, usual.ends):
        return
    if begins is not None or ends is not None:
        raise Invalid(
            "No text would leave in these hours: quiet hours, or those of the account, hold all. "
            f"Texts leave from {usual.begins:%H:%M} to {usual.ends:%H:%M} at most."
        )
