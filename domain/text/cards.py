"""Numbers of payment cards in texts, which are masked but for their last four digits.

A card number has 13 to 19 digits with a check digit (ISO/IEC 7812-1, Luhn's). People write them in
one run or in groups. One in ten other numbers passes the check as well: so what is written as a
phone number, or begins as no card does, is left alone.
"""

import re
from collections.abc import Sequence

import phonenumbers

FEWEST, MOST = 13, 19
SHOWN = 4
MASK = "•"
FIRST_DIGITS = "23456"
"""Of banks, merchants and travel cards. Others are of airlines and national bodies."""
LONGEST_PHONE = 15

GROUPS = re.compile(r"(?<![0-9+])[0-9]++(?:[ \u00a0\u2009\u202f.\-‐‑–]{1,2}[0-9]++)*+")
"""Groups of digits. A plus before them makes them a phone number."""


def masked(text: str, *, begins: bool = True, ends: bool = True) -> str:
    """Return a text with card numbers masked, each character in its place.

    `begins`, `ends`: False for a part of a longer text, whose digits at that edge may go on in
    another part.
    """

    def hidden(run: re.Match[str]) -> str:
        goes_on = (run.start() == 0 and not begins) or (run.end() == len(text) and not ends)
        return run[0] if goes_on else _masked_run(run[0])

    return GROUPS.sub(hidden, text)


def has_card(text: str) -> bool:
    """Say whether a text holds the number of a card."""
    return masked(text) != text


def without_digits(text: str) -> str:
    """Return a text with every digit masked: a part of a number cannot be told from others."""
    return re.sub(r"\d", MASK, text)


def _masked_run(run: str) -> str:
    """Mask card numbers in groups of digits: at each group the longest one that begins with it."""
    groups = [(one.start(), one.end()) for one in re.finditer(r"\d+", run)]
    pieces, done, first = [], 0, 0
    while first < len(groups):
        start, last = groups[first][0], _last_of_card(run, groups, first)
        if last is not None:
            end = groups[last][1]
            pieces += [run[done:start], _hidden(run[start:end])]
            done, first = end, last
        first += 1
    return "".join([*pieces, run[done:]])


def _last_of_card(run: str, groups: Sequence[tuple[int, int]], first: int) -> int | None:
    """Return the last group of the longest card number that begins with a group."""
    for last in range(min(len(groups), first + MOST) - 1, first - 1, -1):
        if _is_card(run[groups[first][0] : groups[last][1]]):
            return last
    return None


def _is_card(written: str) -> bool:
    digits = re.sub(r"\D", "", written)
    return (
        FEWEST <= len(digits) <= MOST
        and digits[0] in FIRST_DIGITS
        and _passes(digits)
        and not _is_phone(digits)
    )


def _passes(digits: str) -> bool:
    """Say whether the last digit is the right check digit."""
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2]]
    return (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0


def _is_phone(digits: str) -> bool:
    """Say whether digits are a phone number in international form whose plus was left out."""
    if len(digits) > LONGEST_PHONE:
        return False
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(f"+{digits}", None))
    except phonenumbers.NumberParseException:
        return False


def _hidden(written: str) -> str:
    last = [place for place, one in enumerate(written) if one.isdigit()][-SHOWN]
    return re.sub(r"\d", MASK, written[:last]) + written[last:]
