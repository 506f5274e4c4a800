"""Our sentences in the language of whoever reads the page.

The English sentence is the key of its catalogue. Places in it are written as `{name}`.
"""

import html
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Generic, TypeVar

from babel.lists import format_list
from babel.numbers import format_currency, format_decimal
from markupsafe import Markup, escape

from translations.catalogue import PAGES, PLACE, catalogue, filled, refusal
from translations.reader import reader

Key = TypeVar("Key")


def _(sentence: str, **places: object) -> str:
    """Return a sentence in the reader's language, its places filled."""
    found = catalogue(reader().language, PAGES).sentence(sentence)
    return filled(found, places) if places else found


def n(one: str, many: str, count: int, **places: object) -> str:
    """Return the sentence for a count, which stands at its place `{n}`."""
    found = catalogue(reader().language, PAGES).counted(one, many, count)
    return filled(found, {"n": number(count), **places})


def said(sentence: str) -> str:
    """Return words of our rules in the reader's language: a refusal, the name of a message."""
    language = reader().language
    found = catalogue(language, PAGES).sentence(sentence)
    return found if found != sentence else refusal(language, sentence)


def mark(sentence: str) -> str:
    """Return a sentence as it is: it stands in a catalogue, and is read by `said` later."""
    return sentence


def number(value: float) -> str:
    """Return a number as the reader writes it: `12,345` or `12.345`."""
    return format_decimal(value, locale=reader().language)


def listed(words: Sequence[str]) -> str:
    """Return words as the reader writes a list: `a, b, and c` or `a, b und c`."""
    return format_list(words, locale=reader().language)


def money(amount: Decimal, currency: str) -> str:
    """Return an amount as the reader writes it: `1,234.50 USD` or `1.234,50 USD`."""
    return format_currency(
        amount, currency, "#,##0.00 ¤¤", locale=reader().language, currency_digits=False
    )


class Words(Mapping[Key, str], Generic[Key]):
    """A table of words, read in the reader's language."""

    def __init__(self, english: Mapping[Key, str]) -> None:
        self.english = dict(english)

    def __getitem__(self, key: Key) -> str:
        return _(self.english[key])

    def __iter__(self) -> Iterator[Key]:
        return iter(self.english)

    def __len__(self) -> int:
        return len(self.english)

    def __or__(self, other: "Words[Key]") -> "Words[Key]":
        return Words(self.english | other.english)


def in_page(sentence: str, **places: object) -> Markup:
    """Return a sentence for a template: values are escaped, tags in our own sentence are not.

    Templates give it literal sentences only; what was stored or computed goes through `said`.
    """
    return _safe(sentence, _(sentence), places)


def n_in_page(one: str, many: str, count: int, **places: object) -> Markup:
    """Return the sentence for a count, for a template."""
    found = catalogue(reader().language, PAGES).counted(one, many, count)
    return _safe(one, found, {"n": number(count), **places})


def _safe(english: str, words: str, places: Mapping[str, object]) -> Markup:
    safe = Markup(words if "<" in english else _escaped(words))  # noqa: S704 - our own sentence
    if not places:
        return safe
    escaped = {name: escape(value) for name, value in places.items()}
    return Markup(PLACE.sub(lambda place: escaped.get(place[1], place[0]), safe))  # noqa: S704


def _escaped(words: str) -> str:
    """Return a sentence for text and for attributes in double quotes."""
    return html.escape(words, quote=False).replace('"', "&quot;")
