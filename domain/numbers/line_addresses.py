"""Reads a line's address and its kind, which follows from how the address is written."""

import re

from domain.errors import Invalid
from domain.numbers.kinds import LineKind
from domain.numbers.phone_numbers import e164, is_toll_free

SHORT_CODE = re.compile(r"[0-9]{3,8}", re.ASCII)
SERVICE = re.compile(r"MG[0-9a-fA-F]{32}", re.ASCII)

TOLL_FREE_ONLY = (
    "This number is toll-free, so its line is toll_free. The network answers other keywords there."
)
NOT_TOLL_FREE = "This number is not toll-free, so its line is a long_code."


def line_address(address: str, kind: LineKind | None = None) -> tuple[str, LineKind]:
    """Return a line's address as providers write it, and its kind.

    `kind`: the kind an admin chose. Raises `NumberInvalid`, or `Invalid` if the address is of
    another kind.
    """
    match kind or _looks_like(address):
        case LineKind.short_code:
            if not SHORT_CODE.fullmatch(address):
                raise Invalid("A short code has 3 to 8 digits.")
            return address, LineKind.short_code
        case LineKind.service:
            if not SERVICE.fullmatch(address):
                raise Invalid("A Messaging Service's SID is MG and 32 hexadecimal digits.")
            return address, LineKind.service
    number = e164(address)
    return number, _kind_of_number(number, kind)


def _looks_like(address: str) -> LineKind | None:
    if SHORT_CODE.fullmatch(address):
        return LineKind.short_code
    return LineKind.service if SERVICE.fullmatch(address) else None


def _kind_of_number(number: str, kind: LineKind | None) -> LineKind:
    is_free = is_toll_free(number)
    if is_free and kind is LineKind.long_code:
        raise Invalid(TOLL_FREE_ONLY)
    if is_free is False and kind is LineKind.toll_free:
        raise Invalid(NOT_TOLL_FREE)
    if is_free is None and kind:  # the numbering plan does not say, so the admin decides
        return kind
    return LineKind.toll_free if is_free else LineKind.long_code
