"""Stems: `delivered`, `delivery` and `deliver` are forms of one word, by the rules of Snowball.

They are made of folded words, on both sides of a search, so that accents do not matter.
"""

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

import Stemmer

from domain.languages import stand_ins

RULES: Mapping[str, str] = {
    **{"ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german"},
    **{"el": "greek", "en": "english", "es": "spanish", "et": "estonian", "eu": "basque"},
    **{"fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian"},
    **{"hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian"},
    **{"nb": "norwegian", "ne": "nepali", "nl": "dutch", "no": "norwegian", "pl": "polish"},
    **{"pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian"},
    **{"sv": "swedish", "ta": "tamil", "tr": "turkish"},
}
"""The rules of languages, by their codes. Words of other languages are found as they are."""
SHORTEST = 4
"""Letters of a word with a stem, and of a stem that begins words. Ours: fewer mean too much."""


@lru_cache(maxsize=50_000)  # ours: the words that people use again and again
def stem_of(word: str, language: str) -> str:
    """Return the stem of a folded word; the word itself without one. A region has no own rules."""
    name = RULES.get(stand_ins(language)[-1])
    if name is None or len(word) < SHORTEST or not word.isalpha():
        return word
    return str(_stemmer(name).stemWord(word))


def stems_of(word: str, languages: Iterable[str]) -> tuple[str, ...]:
    """Return the stems that a folded word has in some languages, each once."""
    return tuple(dict.fromkeys(stem_of(word, language) for language in languages))


def begins(stem: str) -> bool:
    """Say whether words that begin with a stem are forms of its word: `deliv`, `delivery`."""
    return len(stem) >= SHORTEST


@cache
def _stemmer(name: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(name)
