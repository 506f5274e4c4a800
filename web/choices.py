"""What forms offer in lists instead of codes: languages, time zones and countries."""

from collections.abc import Iterable

from babel import Locale

from domain.languages import CODES, NAMES, SUPPORTED, name_of
from domain.settings.allowed import TIME_ZONES
from translations.reader import reader

Choices = list[tuple[str, str]]


def languages(present: str) -> Choices:
    """Return languages by their own names: those we have texts in, then others we can name.

    What is chosen at present is always among them.
    """
    others = sorted((code for code in NAMES if code in CODES), key=lambda code: NAMES[code])
    codes = dict.fromkeys([*SUPPORTED, *others, present])
    return [(code, name_of(code)) for code in codes]


def time_zones(present: str) -> Choices:
    """Return time zones by the name of a place, and what is chosen at present."""
    return [(zone, zone.replace("_", " ")) for zone in dict.fromkeys(["UTC", *TIME_ZONES, present])]


def countries(codes: Iterable[str]) -> Choices:
    """Return countries by their names in the reader's language, in its order."""
    names = Locale.parse(reader().language).territories
    named = [(code, names.get(code, code)) for code in codes]
    return sorted(named, key=lambda choice: choice[1].casefold())
