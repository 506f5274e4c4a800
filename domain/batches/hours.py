"""The hours in which a batch's texts may leave."""

from dataclasses import dataclass
from datetime import time
from typing import Protocol, Self

from domain.consent.quiet_hour_rules import DEFAULT
from domain.consent.quiet_hours import OwnHours
from domain.errors import Invalid


class AccountHours(Protocol):
    """What an account's settings say of when texts may leave."""

    @property
    def holds_quiet_hours(self) -> bool: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def texts_from(self) -> time | None: ...
    @property
    def texts_until(self) -> time | None: ...


class Window(Protocol):
    """A batch's own hours."""

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

    @classmethod
    def of(cls, account: AccountHours, batch: Window | None = None) -> Self:
        """Return the hours of an account, narrowed by those of a batch."""
        return cls(
            account.holds_quiet_hours,
            account.time_zone,
            account.texts_from,
            account.texts_until,
            batch.window_from if batch else None,
            batch.window_until if batch else None,
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
    """Raise `Invalid` for hours in which no text may leave.

    They end before they begin, or have nothing in common with the account's, or with those of a
    usual place.
    """
    begins, ends = hours.window_from, hours.window_until
    if begins is not None and ends is not None and begins >= ends:
        raise Invalid("The hours in which texts leave have to end after they begin.")
    own, place = own_hours(hours), DEFAULT.window
    if own and max(own.begins, place.begins) >= min(own.ends, place.ends):
        raise Invalid(
            "No text may leave in these hours: they lie outside of the account's own, or of "
            f"{place.begins:%H:%M} to {place.ends:%H:%M} at the recipient."
        )
