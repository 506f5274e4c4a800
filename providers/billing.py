"""Reads what providers bill: they write numbers as words, and some write costs below zero."""

import re
from dataclasses import dataclass
from decimal import Decimal

MOST_SEGMENTS = 1_000
NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?")
CURRENCY = re.compile(r"[A-Za-z]{3}")


@dataclass(frozen=True)
class Billing:
    """What a provider bills for a text, as far as it tells. `price`: what we pay, in `currency`."""

    segments: int | None = None
    price: Decimal | None = None
    currency: str | None = None


def whole(written: object) -> int | None:
    """Return a count of segments; None for anything else."""
    shown = str(written).strip()
    is_count = shown.isascii() and shown.isdecimal() and len(shown) <= 4
    return int(shown) if is_count and int(shown) <= MOST_SEGMENTS else None


def amount(written: object) -> Decimal | None:
    """Return what a text costs us, whichever sign it is written with; None if it is not told."""
    shown = str(written).strip()
    return abs(Decimal(shown)) if NUMBER.fullmatch(shown) else None


def currency(written: object) -> str | None:
    """Return the code of a currency, such as USD; None for anything else."""
    shown = str(written).strip()
    return shown.upper() if CURRENCY.fullmatch(shown) else None
