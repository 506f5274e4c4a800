"""Quiet hours of many numbers: numbers with the same hours are held together."""

import hashlib
from functools import lru_cache

from domain.batches.numbers import of_place
from domain.consent.quiet_hours import rules_of


def zone_of(number: str) -> str:
    """Return a key that is the same for all numbers with the same quiet hours."""
    return _zone_of(of_place(number))


@lru_cache(maxsize=20_000)
def _zone_of(number: str) -> str:
    rule, zones = rules_of(number)
    whole = "\x1f".join((rule.place, *zones))
    return hashlib.blake2b(whole.encode(), digest_size=6).hexdigest()
