"""Public holidays of countries and their regions, as days on which a brand may be closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from holidays import HolidayBase, country_holidays, list_supported_countries

from domain.errors import Invalid


@dataclass(frozen=True)
class Holiday:
    """A public holiday, with its name in the language asked for, or in its country's own."""

    day: date
    name: str


def countries() -> list[str]:
    """Return the countries whose holidays are known, as ISO 3166 codes."""
    return sorted(list_supported_countries(include_aliases=False))


def regions(country: str) -> Mapping[str, str]:
    """Return the names of a country's regions by code. Raises `Invalid` for an unknown country."""
    _check(country)
    names = country_holidays(country).get_subdivision_aliases()
    return {code: (aliases or [code])[0] for code, aliases in names.items()}


def between(country: str, region: str | None, first: date, last: date, lang: str) -> list[Holiday]:
    """Return the holidays from the first to the last day, by date.

    Raises `Invalid` for an unknown country or region.
    """
    _check(country)
    if region is not None and region not in regions(country):
        raise Invalid("This region is not known.")
    years = range(first.year, last.year + 1)
    known = country_holidays(country, subdiv=region, years=years, language=_language(country, lang))
    return [Holiday(day, known[day]) for day in sorted(known) if first <= day <= last]


def _check(country: str) -> None:
    if country not in list_supported_countries(include_aliases=False):
        raise Invalid("The holidays of this country are not known.")


def _language(country: str, wanted: str) -> str | None:
    known: HolidayBase = country_holidays(country)
    fitting = [one for one in known.supported_languages if one.partition("_")[0] == wanted]
    return fitting[0] if fitting else known.default_language
