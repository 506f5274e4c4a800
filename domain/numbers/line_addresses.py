"""Reads a line's address and its kind, which follows from how the address is written."""

import re
from dataclasses import dataclass

from domain.errors import Invalid, NumberInvalid
from domain.numbers.kinds import LineKind
from domain.numbers.phone_numbers import e164, is_toll_free, key_of

SHORT_CODE = re.compile(r"[0-9]{3,8}", re.ASCII)

TOLL_FREE_ONLY = (
    "This number is toll-free, so its line is toll_free. The network answers other keywords there."
)
NOT_TOLL_FREE = "This number is not toll-free, so its line is a long_code."


NO_SERVICES = "This provider has no pools of senders, so a line has a number or a short code."


@dataclass(frozen=True)
class ServiceAddress:
    """How a provider writes the address of a pool of senders, such as a messaging service.

    `pattern` is matched to the whole address; `sentence` says what it must be.
    """

    pattern: re.Pattern[str]
    sentence: str

    def fits(self, address: str) -> bool:
        return self.pattern.fullmatch(address) is not None


def line_address(
    address: str, kind: LineKind | None = None, service: ServiceAddress | None = None
) -> tuple[str, LineKind]:
    """Return a line's address as providers write it, and its kind.

    `kind`: the kind an admin chose. `service`: how the line's provider writes pools of senders;
    None: it has none. Raises `NumberInvalid`, or `Invalid` if the address is of another kind.
    """
    match kind or _looks_like(address, service):
        case LineKind.short_code:
            if not SHORT_CODE.fullmatch(address):
                raise Invalid("A short code has 3 to 8 digits.")
            return address, LineKind.short_code
        case LineKind.service:
            if service is None or not service.fits(address):
                raise Invalid(service.sentence if service else NO_SERVICES)
            return address, LineKind.service
    number = e164(address)
    return number, _kind_of_number(number, kind)


def _looks_like(address: str, service: ServiceAddress | None) -> LineKind | None:
    if SHORT_CODE.fullmatch(address):
        return LineKind.short_code
    return LineKind.service if service and service.fits(address) else None


def _kind_of_number(number: str, kind: LineKind | None) -> LineKind:
    is_free = is_toll_free(number)
    if is_free and kind is LineKind.long_code:
        raise Invalid(TOLL_FREE_ONLY)
    if is_free is False and kind is LineKind.toll_free:
        raise Invalid(NOT_TOLL_FREE)
    if is_free is None and kind:  # the numbering plan does not say, so the admin decides
        return kind
    return LineKind.toll_free if is_free else LineKind.long_code


def phone_key(address: str) -> str | None:
    """Return the key of the phone number that a line's address is; None: it is none."""
    try:
        return key_of(address) if address.startswith("+") else None
    except NumberInvalid:
        return None
