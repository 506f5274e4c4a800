"""What a number is found by in words that hold it somewhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

FEWEST_DIGITS = 7
"""Ours: shorter runs of digits, such as short codes, stand in much that is about others."""
HIDDEN = "•••"
NOTHING = "•no number•"
"""What no text holds."""


@dataclass(frozen=True)
class Sought:
    """Numbers as keys, and the digits of those that are long enough to be found among others."""

    phones: Sequence[str] = ()
    digits: Sequence[str] = ()

    @property
    def pattern(self) -> str:
        """The numbers as a regular expression that PostgreSQL and Python read the same way."""
        return r"\+?(" + "|".join(self.digits) + ")" if self.digits else NOTHING


NOBODY = Sought()


def sought(written: Sequence[tuple[str, str]]) -> Sought:
    """Return what numbers are found by, from their keys and spellings."""
    digits = {re.sub("[^0-9]", "", one) for pair in written for one in pair}
    return Sought(
        tuple(sorted({key for key, _ in written})),
        tuple(sorted(one for one in digits if len(one) >= FEWEST_DIGITS)),
    )


def hidden(text: str, numbers: Sought) -> str:
    """Return a text without the numbers."""
    return re.sub(numbers.pattern, HIDDEN, text)
