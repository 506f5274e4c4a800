"""What a number is found by in words that hold it somewhere, in whatever spelling."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import phonenumbers

FEWEST_DIGITS = 7
"""Ours: shorter runs of digits, such as short codes, stand in much that is about others."""
HIDDEN = "•••"
NOTHING = "•no number•"
"""What no text holds."""
BETWEEN = "[ \u00a0\u2009\u202f()./-]{0,3}"
"""What people, and our own pages, write between the digits of a number."""
NO_DATE = "(?![0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9]))"
"""A day such as 2026-11-28 has the digits of a number in some countries, and stands in filters."""


@dataclass(frozen=True)
class Sought:
    """Numbers as keys, and the digits of those that are long enough to be found among others.

    `national`: as they are dialled in their own country, without its code.
    """

    phones: Sequence[str] = ()
    digits: Sequence[str] = ()
    national: Sequence[str] = ()

    @property
    def pattern(self) -> str:
        """The numbers as a regular expression that PostgreSQL and Python read the same way."""
        ways = [BETWEEN.join(one) for one in self.digits]
        alone = [f"(?<![0-9]){BETWEEN.join(one)}(?![0-9])" for one in self.national]
        return r"\+?" + NO_DATE + "(" + "|".join([*ways, *alone]) + ")" if ways else NOTHING


NOBODY = Sought()


def sought(written: Sequence[tuple[str, str]]) -> Sought:
    """Return what numbers are found by, from their keys and spellings."""
    keys = sorted({key for key, _ in written})
    digits = {re.sub("[^0-9]", "", one) for pair in written for one in pair}
    national = {one for key in keys for one in _national(key)} - digits
    return Sought(tuple(keys), _long(digits), _long(national))


def _long(digits: set[str]) -> tuple[str, ...]:
    return tuple(sorted(one for one in digits if len(one) >= FEWEST_DIGITS))


def _national(key: str) -> Iterator[str]:
    """Yield the digits of a number as it is dialled in its country."""
    try:
        parsed = phonenumbers.parse(key, None)
    except phonenumbers.NumberParseException:  # a short code, or a name
        return
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    yield re.sub("[^0-9]", "", written)


def hidden(text: str, numbers: Sought) -> str:
    """Return a text without the numbers."""
    return re.sub(numbers.pattern, HIDDEN, text)
