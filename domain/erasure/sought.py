"""What a number is found by in words that hold it somewhere, in whatever spelling."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import phonenumbers

FEWEST_DIGITS = 7
"""Ours: shorter runs of digits, such as short codes, stand in much that is about others."""
FEWEST_OF_PART = 4
"""Digits at the end of a number by which a kept filter for a part of one asks for it. Ours: as many
as people are told apart by, and as an erasure is confirmed with.
"""
HIDDEN = "•••"
NOTHING = "•no number•"
"""What no text holds."""
BETWEEN = "[ \u00a0\u2009\u202f()./-]{0,3}"
"""What people, and our own pages, write between the digits of a number."""
NO_DATE = "(?![0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9]))"
"""A day such as 2026-11-28 has the digits of a number in some countries, and stands in filters."""
BEHIND_NO_DIGIT = "(?<![0-9])(?<![0-9][ ()./-])(?<![0-9][ ()./-][ ()./-])"
"""What begins here is no later part of a longer number, which may be somebody else's."""


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

    @property
    def whole(self) -> Sequence[str]:
        """The digits of the numbers, as anybody may dial them."""
        return (*self.digits, *self.national)

    @property
    def ends(self) -> str:
        """The ends of the numbers, with `FEWEST_DIGITS` at least, as such an expression.

        They are too short to be looked for in all words: settings hold figures as long.
        """
        ways = "|".join(map(_end, self.whole))
        return f"{BEHIND_NO_DIGIT}{NO_DATE}({ways})(?![0-9])" if ways else NOTHING


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


def _end(digits: str) -> str:
    """Return what finds the end of a number: its last digits, and any that come before."""
    found = BETWEEN.join(digits[-FEWEST_DIGITS:])
    before = ""
    for one in digits[:-FEWEST_DIGITS]:
        before = f"({before}{one}{BETWEEN})?"
    return before + found


def hidden(text: str, numbers: Sought) -> str:
    """Return a text without the numbers."""
    return re.sub(numbers.pattern, HIDDEN, text)
