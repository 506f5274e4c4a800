"""Numbers of payment cards in texts, which are masked but for their last four digits.

A card number has 13 to 19 digits with a check digit (ISO/IEC 7812-1, Luhn's). People write them in
one run or in groups. One in ten other numbers passes the check as well: so what is written as a
phone number, or begins as no card does, is left alone.
"""

import re
from collections.abc import Callable, Sequence

import phonenumbers

FEWEST, MOST = 13, 19
SHOWN = 4
MASK = "•"
IsCard = Callable[[Sequence[str]], bool]
"""Of 13 to 19 digits in groups, which begin as cards do."""
FIRST_DIGITS = "23456"
"""Of banks, merchants and travel cards. Others are of airlines and national bodies."""
LONGEST_PHONE = 15
DOUBLED = str.maketrans("0123456789", "0246813579")
"""What the digits of twice a digit add up to."""

GROUPS = re.compile(
    r"(?<![\d+\uff0b])\d++(?:[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000.\-\u2010-\u2015"
    r"\u2212\ufe58\ufe63\uff0d"
    r"\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff\u20e3]{1,4}\d++)*+"
)
"""Groups of digits of any script, with spaces, dashes, dots or what nobody sees between them.

A plus before them makes them a phone number.
"""
LINED_UP = re.compile(
    r"(?<![\d+\uff0b])\d++(?:[\s.,;:/|_*\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
    r"\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff\u20e3]{1,4}\d++)*+"
)
"""Groups with what also stands between numbers of lists, dates and amounts."""
AS_ON_CARDS = range(4, 7)
"""Digits of each group but the last, where what is between them might part numbers."""
LAST_ON_CARDS = range(3, 7)
BEGINS_WITH_TWO = range(2221, 2721)
"""Mastercard's. Other numbers of four digits that begin with two are mostly years."""


HEXADECIMAL = re.compile(r"(?:[A-Z]{2})?[0-9a-f-]{24,64}")
"""Ids, digests and tokens, some of providers' with two letters before them."""
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""RFC 9562's way to write one. No card has groups of 8, 4, 4, 4 and 12 digits, letters or none."""
FEWEST_LETTERS = 4
"""Of any other id. Ours: one of 24 random characters has fewer in one of 70 cases, of 32 in 600."""


def masked(text: str, *, begins: bool = True, ends: bool = True) -> str:
    """Return a text with card numbers masked, each character in its place.

    `begins`, `ends`: False for a part of a longer text, whose digits at that edge may go on in
    another part.
    """
    for groups, is_card in ((GROUPS, _is_card), (LINED_UP, _is_lined_up)):
        text = _masked_by(groups, is_card, text, begins=begins, ends=ends)
    return text


def _masked_by(
    groups: re.Pattern[str], is_card: IsCard, text: str, *, begins: bool, ends: bool
) -> str:
    def hidden(run: re.Match[str]) -> str:
        goes_on = (run.start() == 0 and not begins) or (run.end() == len(text) and not ends)
        return run[0] if goes_on else _masked_run(run[0], is_card)

    return groups.sub(hidden, text)


def has_card(text: str) -> bool:
    """Say whether a text holds the number of a card."""
    return masked(text) != text


def is_id(value: str) -> bool:
    """Say whether the whole value of a field is an id in hexadecimal, whose digits mean nothing."""
    if UUID.fullmatch(value):
        return True
    letters = sum(one in "abcdef" for one in value)
    return letters >= FEWEST_LETTERS and HEXADECIMAL.fullmatch(value) is not None


def without_digits(text: str) -> str:
    """Return a text with every digit masked: a part of a number cannot be told from others."""
    return re.sub(r"\d", MASK, text)


def _masked_run(run: str, is_card: IsCard) -> str:
    """Mask card numbers in groups of digits: at each group the longest one that begins with it."""
    found = list(re.finditer(r"\d+", run))
    groups = [_digits(one[0]) for one in found]
    pieces, done, first = [], 0, 0
    while first < len(groups):
        last = _last_of_card(groups, first, is_card)
        if last is not None:
            start, end = found[first].start(), found[last].end()
            pieces += [run[done:start], _hidden(run[start:end])]
            done, first = end, last
        first += 1
    return "".join([*pieces, run[done:]])


def _last_of_card(groups: Sequence[str], first: int, is_card: IsCard) -> int | None:
    """Return the last group of the longest card number that begins with a group."""
    if groups[first][0] not in FIRST_DIGITS:
        return None
    ends, digits = [], 0
    for last, group in enumerate(groups[first : first + MOST], first):
        digits += len(group)
        if digits > MOST:
            break
        if digits >= FEWEST:
            ends.append(last)
    for last in reversed(ends):
        if is_card(groups[first : last + 1]):
            return last
    return None


def _is_card(groups: Sequence[str]) -> bool:
    digits = "".join(groups)
    return _passes(digits) and not _is_phone(digits)


def _is_lined_up(groups: Sequence[str]) -> bool:
    """Say whether groups are a card's and as long as on cards, not a list of other numbers."""
    *others, last = groups
    if len(last) not in LAST_ON_CARDS or not all(len(one) in AS_ON_CARDS for one in others):
        return False
    first = int("".join(groups)[:4])
    return (first // 1000 != 2 or first in BEGINS_WITH_TWO) and _is_card(groups)


def _digits(written: str) -> str:
    """Return digits in our script."""
    return written if written.isascii() else "".join(str(int(one)) for one in written)


def _passes(digits: str) -> bool:
    """Say whether the last digit is the right check digit."""
    doubled = digits[-2::-2].translate(DOUBLED)
    return (sum(map(int, doubled)) + sum(map(int, digits[-1::-2]))) % 10 == 0


def _is_phone(digits: str) -> bool:
    """Say whether digits are a phone number in international form whose plus was left out."""
    if len(digits) > LONGEST_PHONE:
        return False
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(f"+{digits}", None))
    except phonenumbers.NumberParseException:
        return False


def _hidden(written: str) -> str:
    last = [place for place, one in enumerate(written) if one.isdecimal()][-SHOWN]
    return re.sub(r"\d", MASK, written[:last]) + written[last:]
