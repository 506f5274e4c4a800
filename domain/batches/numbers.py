"""Numbers as lists of recipients write them."""

from functools import lru_cache

import phonenumbers

from domain.batches.kinds import BadRow
from domain.errors import NumberInvalid
from domain.numbers.phone_numbers import LONGEST_ADDRESS, Address, phone_of
from domain.numbers.textable import is_textable

NORTH_AMERICA = 1
NATIONAL_THERE = 10
"""Digits of a number of North America without its country code."""
PREFIX = 8
"""Characters of a number of North America that decide about its place: +1, area code, exchange."""


class UnreadNumber(Exception):
    """A number cannot be read. `reason` says why."""

    def __init__(self, reason: BadRow) -> None:
        super().__init__(reason.value)
        self.reason = reason


def listed_phone(written: str, calling_code: int | None) -> Address:
    """Return the phone of a number in a list. Raises `UnreadNumber`.

    A number without its plus sign is read as one with it: 16001234567, 1(600)123-4567. It must then
    be a number of the line's own country (`calling_code`), or be valid in its numbering plan, so
    that a national number is not sent to another country. In North America a number without the 1
    is read as well.
    """
    number = written.strip().lstrip("'").strip()
    if not number:
        raise UnreadNumber(BadRow.no_number)
    if _is_shortened(number):
        raise UnreadNumber(BadRow.number_shortened)
    if len(number) > LONGEST_ADDRESS:
        raise UnreadNumber(BadRow.number_invalid)
    try:
        if number.startswith(("+", "＋", "(+")):
            return phone_of(number)
        return _without_plus(number, calling_code)
    except NumberInvalid as error:
        raise UnreadNumber(BadRow.number_invalid) from error


def _is_shortened(number: str) -> bool:
    """Say whether a spreadsheet wrote a large number, such as 1.6E+10."""
    digits, mark, power = number.lower().partition("e")
    plain = digits.lstrip("+-").replace(".", "", 1).replace(",", "", 1)
    return bool(mark) and plain.isdigit() and power.removeprefix("+").isdigit()


def _without_plus(number: str, calling_code: int | None) -> Address:
    number = number.removesuffix(".0")  # as programs export whole numbers
    digits = sum(map(str.isdigit, number))
    if number.startswith("00"):
        return phone_of(f"+{number[2:]}")
    if calling_code == NORTH_AMERICA and digits == NATIONAL_THERE:
        return phone_of(f"+1{number}")
    phone = phone_of(f"+{number}")
    if calling_code and phone.key.startswith(f"+{calling_code}"):
        return phone
    if not phonenumbers.is_valid_number(phonenumbers.parse(phone.key, None)):
        raise NumberInvalid
    return phone


def calling_code_of(line_address: str) -> int | None:
    """Return the country of a line by its address; None for a short code or a service."""
    if not line_address.startswith("+"):
        return None
    try:
        return phonenumbers.parse(line_address, None).country_code
    except phonenumbers.NumberParseException:
        return None


def is_landline(number: str) -> bool:
    """Say whether an E.164 number is known to get no texts: a landline, toll-free or the like.

    In North America only toll-free numbers are known.
    """
    return _is_landline(of_place(number))


@lru_cache(maxsize=20_000)
def _is_landline(number: str) -> bool:
    try:
        return not is_textable(number)
    except phonenumbers.NumberParseException:
        return False


def of_place(number: str) -> str:
    """Return a number that has the same place, the same for its neighbours.

    In North America area code and exchange decide, so a long list has few of them.
    """
    if number.startswith("+1") and len(number) == NATIONAL_THERE + 2:
        return f"{number[:PREFIX]}0100"
    return number
