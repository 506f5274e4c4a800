"""Phone numbers in words that are kept for administrators."""

import re

PHONE = re.compile(
    r"(?<![0-9A-Za-z.-])(?:\+\d[\d ().-]{5,20}\d|\(\d{3}\) ?\d{3}[ -]?\d{4}|\d{7,18})"
    r"(?![0-9A-Za-z-])"
)
"""International numbers as people and machines write them, and long runs of digits; not the digits
inside of ids and times.
"""
SHOWN = 4
"""Digits, enough to tell a few consumers apart. Ours."""


def shortened(words: str) -> str:
    """Return words with every phone number in them cut to its last four digits."""
    return PHONE.sub(lambda found: f"…{_digits(found[0])[-SHOWN:]}", words)


def last_digits(number: str) -> str:
    """Return the last four digits of a number; of a name without digits, its last characters."""
    return (_digits(number) or number)[-SHOWN:]


def _digits(words: str) -> str:
    return "".join(character for character in words if character.isdigit())
