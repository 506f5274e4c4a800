"""Catalogues: English sentences, which are their own keys, and what they are in a language."""

import gettext
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from translations.reader import ENGLISH

LOCALE = Path(__file__).parent / "locale"
PAGES, ISLAND, RULES = "pages", "island", "rules"
PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Pattern:
    """A sentence with places, and how it is recognised when they are filled."""

    filled: re.Pattern[str]
    translated: str


@dataclass(frozen=True)
class Catalogue:
    """The sentences of a language. `forms`: of a sentence with a count, by its singular.

    `plural`: which form a count `n` has, as gettext writes it, which JavaScript reads as well.
    """

    sentences: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    plural: str = "(n != 1)"

    def sentence(self, english: str) -> str:
        return self.sentences.get(english, english)

    def counted(self, one: str, many: str, count: int) -> str:
        """Return the form of a sentence for a count, its places unfilled."""
        return self.forms.get(one, (one, many))[gettext.c2py(self.plural)(count)]


@cache
def catalogue(language: str, domain: str) -> Catalogue:
    """Return a catalogue; English is what our sentences are written in."""
    if language == ENGLISH:
        return Catalogue()
    with (LOCALE / language / f"{domain}.po").open("rb") as file:
        read = read_po(file, locale=language, domain=domain, ignore_obsolete=True)
    sentences: dict[str, str] = {}
    forms: dict[str, Sequence[str]] = {}
    for one in read:
        if one.fuzzy or not one.id:
            continue
        if isinstance(one.id, str) and isinstance(one.string, str) and one.string:
            sentences[one.id] = one.string
        elif not isinstance(one.id, str) and isinstance(one.string, tuple) and all(one.string):
            forms[one.id[0]] = one.string
    return Catalogue(sentences, forms, read.plural_expr)


@cache
def patterns(language: str, domain: str) -> Sequence[Pattern]:
    """Return the sentences with places of a catalogue, those with the most words of ours first."""
    sentences = catalogue(language, domain).sentences
    placed = [english for english in sentences if PLACE.search(english)]
    placed.sort(key=lambda english: len(PLACE.sub("", english)), reverse=True)
    return [Pattern(_recognised(english), sentences[english]) for english in placed]


def _recognised(english: str) -> re.Pattern[str]:
    parts, seen = [], set()
    for at, part in enumerate(PLACE.split(english)):
        if at % 2 == 0:
            parts.append(re.escape(part))
        elif part in seen:
            parts.append(f"(?P={part})")
        else:
            seen.add(part)
            parts.append(f"(?P<{part}>.+?)")
    return re.compile("".join(parts), re.DOTALL)


def filled(sentence: str, places: Mapping[str, object]) -> str:
    """Return a sentence with its places filled; what has no value stays as it is."""
    return PLACE.sub(lambda place: str(places.get(place[1], place[0])), sentence)


def spoken(language: str, sentence: str, places: Mapping[str, str]) -> str:
    """Return a sentence of the rules that pages show, in a language and with its places filled."""
    return filled(catalogue(language, PAGES).sentence(sentence), places)


def refusal(language: str, sentence: str) -> str:
    """Return a refusal in a language.

    Rules refuse in English, through workflows and databases, with names and numbers already in
    their sentences. So a sentence is recognised again here; one that is not known stays English.
    """
    if language == ENGLISH:
        return sentence
    known = catalogue(language, RULES)
    if sentence in known.sentences:
        return known.sentences[sentence]
    for pattern in patterns(language, RULES):
        if found := pattern.filled.fullmatch(sentence):
            values = {name: known.sentence(value) for name, value in found.groupdict().items()}
            return filled(pattern.translated, values)
    return sentence
