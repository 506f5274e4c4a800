"""Which bytes of a file are asked for (RFC 9110, section 14): one range, or all of them."""

import re

from starlette.requests import Request

from api.errors import RangeNotThere

ONE = re.compile(r"bytes=[ \t]*(\d*)-(\d*)[ \t]*", re.ASCII | re.IGNORECASE)
MOST_DIGITS = 18
"""Digits of a place in a file. Ours: far above any file, and no work to read."""


def asked_range(request: Request, size: int, tag: str) -> range | None:
    """Return the places of the bytes that are asked for; None: the whole file.

    A header that cannot be read, several ranges, and a range of a file with another `tag` ask for
    the whole file, as the standard has it. Raises `RangeNotThere`.
    """
    found = ONE.fullmatch(request.headers.get("range", ""))
    if found is None or request.headers.get("if-range", tag) != tag:
        return None
    first, last = found.groups()
    if max(len(first), len(last)) > MOST_DIGITS or not (first or last):
        return None
    if first and last and int(last) < int(first):
        return None
    asked = _places(first, last, size)
    if not asked:
        raise RangeNotThere(size)
    return asked


def _places(first: str, last: str, size: int) -> range:
    """Return the places that a file has; without a first one, they are so many from its end."""
    if not first:
        return range(max(size - int(last), 0), size)
    return range(int(first), min(int(last) + 1, size) if last else size)
