"""Numbers in a search: whole ones in any spelling, fragments, and the ends that people remember."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from domain.errors import NumberInvalid
from domain.numbers.phone_numbers import phone_of

FEWEST_DIGITS = 3
"""Digits of a fragment. Ours: fewer stand in most numbers."""
RARE_DIGITS = 5
"""Digits from which on few numbers hold a fragment."""
MOST_DIGITS = 20
"""Digits that count. E.164 has 15, and prefixes for dialling abroad are short."""

ENDS = re.compile(r"\s*(?:\.{2,}|\*)")
PLUS_LOST = re.compile(r"^ (?=\d)")
TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")
ABROAD = "00"


@dataclass(frozen=True)
class SoughtNumber:
    """A number, or a part of one. `digits`: each way to read it, the likeliest first.

    `ends`: it is the end of a number, as in `…0004`.
    """

    digits: tuple[str, ...]
    ends: bool = False

    @property
    def is_rare(self) -> bool:
        """Say whether few numbers answer."""
        return min(map(len, self.digits)) >= RARE_DIGITS

    def rank(self, phone: str) -> int | None:
        """Return how well a number answers, 0 the best; None: it does not.

        The whole number comes first, then one that ends so, then one that holds it.
        """
        held = "".join(filter(str.isdigit, phone))
        places = (
            [held == digits for digits in self.digits]
            + [held.endswith(digits) for digits in self.digits]
            + [digits in held for digits in self.digits]
        )
        return places.index(True) if True in places else None


def with_plus(sent: str) -> str:
    """Return a number as it was written into an address: a plus sign arrives as a space there,
    unless it was encoded.
    """
    return PLUS_LOST.sub("+", sent)


def number_in(query: str) -> SoughtNumber | None:
    """Return the number that a search asks for; None: it has letters, or too few digits.

    A leading zero is first read as that of a national number, which stored ones do not have.
    """
    plain = unicodedata.normalize("NFKC", query)
    if any(map(str.isalpha, plain)):
        return None
    without = TRUNK_ZERO.sub("", plain)
    digits = "".join(str(unicodedata.decimal(one)) for one in without if one.isdecimal())
    digits = digits[:MOST_DIGITS]
    if len(digits) < FEWEST_DIGITS:
        return None
    if ENDS.match(plain):
        return SoughtNumber((digits,), ends=True)
    return SoughtNumber(tuple(dict.fromkeys([*_whole(plain), *_ways(digits)])))


def _whole(plain: str) -> Iterator[str]:
    """Yield the digits that a whole number is stored with, if they differ: countries renumber."""
    typed = plain.strip()
    if not typed.startswith("+"):
        return
    try:
        yield phone_of(typed).key.removeprefix("+")
    except NumberInvalid:
        return  # a part of one


def _ways(digits: str) -> list[str]:
    national = digits.removeprefix(ABROAD) if digits.startswith(ABROAD) else digits[1:]
    if digits.startswith("0") and len(national) >= FEWEST_DIGITS:
        return [national, digits]
    return [digits]
