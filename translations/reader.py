"""Who reads what is answered: their language and time zone, for as long as a request lasts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache
from zoneinfo import available_timezones

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "de": "Deutsch"}
"""The languages of the interface, each by its own name."""
PREFERENCE = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]*)?\s*(?:;\s*q=([0-9.]{1,5}))?\s*")


@dataclass(frozen=True)
class Reader:
    """Who reads. `zone`: of their browser, None where it is not known. Programs read English."""

    language: str = ENGLISH
    zone: str | None = None
    is_program: bool = False


_READER: ContextVar[Reader] = ContextVar("reader", default=Reader())  # noqa: B039 - frozen


def reader() -> Reader:
    """Return who reads what is being made."""
    return _READER.get()


@contextmanager
def read_by(one: Reader) -> Iterator[None]:
    """Make what is made inside for this reader."""
    token = _READER.set(one)
    try:
        yield
    finally:
        _READER.reset(token)


def speak(language: str | None) -> None:
    """Go on in the language that a person has chosen; in the browser's if they chose none."""
    one = reader()
    if language in LANGUAGES and not one.is_program:
        _READER.set(replace(one, language=language))


def preferred(accepted: str) -> str:
    """Return which of our languages a browser's Accept-Language header prefers."""
    best, quality = ENGLISH, 0.0
    for part in accepted.split(",")[:20]:
        found = PREFERENCE.fullmatch(part)
        language = found[1].lower() if found else ""
        wanted = _number(found[2]) if found else 0.0
        if language in LANGUAGES and wanted > quality:
            best, quality = language, wanted
    return best


def known_zone(name: str) -> str | None:
    """Return a browser's time zone, None for one that we do not know."""
    return name if name in _zones() else None


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _number(written: str | None) -> float:
    try:
        return float(written) if written else 1.0
    except ValueError:
        return 0.0
