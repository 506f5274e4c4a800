"""Words of texts: what is stored to find a text by, and what a search asks for.

Both are folded alike: `Müller`, `MULLER` and `ｍｕｌｌｅｒ` are one word. A script without spaces
between words is cut into grams of three characters, so that any part of it is found.
"""

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

LONGEST_WORD = 40
"""Characters of a word that count. Ours: longer ones are addresses, which differ before that."""
MOST_WORDS = 500
"""Words of a text that are stored. Ours: more than any text has."""
MOST_SOUGHT = 12
"""Words of a search that count. Ours: they leave few texts, and each costs a look at an index."""
PREFIX = 3
"""Letters from which on the beginning of a word will do. Fewer begin too many words."""
GRAM = 3

KEPT_MARKS = (0, 7, 8, 9)
"""Combining classes of marks that are a part of their letter in Indian scripts, kana and Thai."""
LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
)
"""Letters that Unicode does not take apart, although people type them without their stroke."""
JOINED = "'’"
ELIDED = re.compile(
    "(?:[cdjlmnstv]|(?:jusqu|lorsqu|puisqu|quoiqu|qu)|(?:a|da|de|ne|su|co|que|be)ll"
    r"|un|gl|anch|com|dov|quest|sant|senz|tutt)['’](?=[^\W\d_]{2})"
)
"""What French and Italian put in front of a word without its vowel, as in `l'adresse` and
`dell'ordine`: such a word is found without it, too.
"""
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\uac00-\ud7ff"
    "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
"""Letters of scripts without spaces: Thai, Lao, Burmese, Khmer, Hangul, whose words carry their
particles, kana and Han."""
SELECTORS = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Marks that say which shape a character has, as of an emoji: by themselves they are no word."""
Found = TypeVar("Found", bound=Hashable)


@dataclass(frozen=True)
class Sought:
    """A word of a search. `begins`: the beginning of a stored word will do."""

    word: str
    begins: bool


def folded(text: str) -> str:
    """Return a text in one spelling: small letters, no accents, no variants of width."""
    apart = unicodedata.normalize("NFKD", text).casefold().translate(LETTERS)
    apart = unicodedata.normalize("NFKD", apart)  # small letters may be made of several
    kept = (one for one in apart if unicodedata.combining(one) in KEPT_MARKS)
    return unicodedata.normalize("NFC", "".join(kept))


def is_within_word(character: str) -> bool:
    """Say whether a character belongs to the word around it although it is no letter or digit:
    vowels of Indian scripts and of Thai, accents, joiners of Persian.
    """
    category = unicodedata.category(character)
    return category.startswith("M") or category == "Cf"


def words_of(text: str) -> list[str]:
    """Return what a text is found by, each once, in order."""
    found = (one for part in placed(text) for one in part)
    return _first(found, MOST_WORDS)


def quoted_in(phrase: str) -> list[Sought]:
    """Return the words of a phrase in its order, as they stand in a text.

    What ends a run without spaces is a short gram, which begins a longer one where the text goes
    on. At the end of the phrase, the gram before it says the same.
    """
    found = [Sought(one, begins=_is_short_gram(one)) for one in places_of(phrase)]
    while len(found) > 1 and found[-1].begins and found[-1].word == found[-2].word[1:]:
        found.pop()
    return found


def _is_short_gram(word: str) -> bool:
    return len(word) < GRAM and UNSPACED.match(word) is not None


def places_of(text: str) -> list[str]:
    """Return the words of a text in its order, as often as they stand there."""
    return [part[0] for part in placed(text)]


def placed(text: str) -> list[tuple[str, ...]]:
    """Return what a text is found by at each of its places: a word, and also what an elided one
    is without what was put in front of it.
    """
    found: list[tuple[str, ...]] = []
    for word in _words(folded(text)):
        parts = list(_parts(word))
        elided = ELIDED.match(word)
        bare = list(_parts(word[elided.end() :])) if elided else []
        found += [(*parts[:1], *bare[:1])] if len(parts) == 1 else [(one,) for one in parts]
        if len(found) >= MOST_WORDS:
            break
    return found[:MOST_WORDS]


def sought_in(query: str) -> list[Sought]:
    """Return the words of a search, each once; the first twelve count."""
    found = (part for run in _runs(folded(query)) for part in _asked(run))
    return _first(found, MOST_SOUGHT)


def _words(text: str) -> list[str]:
    """Return the words of a folded text, with the apostrophes within them."""
    apart = "".join(one if one in JOINED else _part_of_word(one) for one in text)
    return [word for one in apart.split() if (word := one.strip(JOINED))]


def _parts(word: str) -> Iterator[str]:
    return (part for run in _runs(word) for part in _stored(run))


def _runs(text: str) -> Iterator[str]:
    for word in "".join(map(_part_of_word, text)).split():
        at = 0
        for unspaced in UNSPACED.finditer(word):
            yield from filter(None, (word[at : unspaced.start()], unspaced[0]))
            at = unspaced.end()
        if at < len(word):
            yield word[at:]


def _stored(run: str) -> Iterator[str]:
    if UNSPACED.match(run):
        yield from (run[at : at + GRAM] for at in range(len(run)))
    else:
        yield run[:LONGEST_WORD]


def _asked(run: str) -> Iterator[Sought]:
    if not UNSPACED.match(run):
        yield Sought(run[:LONGEST_WORD], begins=len(run) >= PREFIX)
    elif len(run) <= GRAM:
        yield Sought(run, begins=len(run) < GRAM)
    else:
        yield from (Sought(run[at : at + GRAM], begins=False) for at in range(len(run) - GRAM + 1))


@lru_cache(maxsize=5_000)  # ours: the characters of a few scripts
def _part_of_word(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cf", "Me") or character in JOINED or SELECTORS.match(character):
        return ""
    return character if category.startswith(("L", "N", "M")) else " "


def _first(found: Iterable[Found], most: int) -> list[Found]:
    seen: dict[Found, None] = {}
    for one in found:
        if len(seen) == most:
            break
        seen[one] = None
    return list(seen)
