"""Excerpts: the place in a text where a search found its words."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from domain.searching.words import Sought, is_within_word, words_of

BEFORE = 30
"""Characters in front of the first word found. Ours: enough to see what it is about."""
LONGEST = 140
"""Characters of an excerpt. Ours: two lines of a list."""
WORD = re.compile(r"[^\W_]++(?:['’][^\W_]++)*+")


def written_words(text: str) -> set[str]:
    """Return the words of a text as they are written there."""
    return {text[start:end] for start, end in _places(text)}


@dataclass(frozen=True)
class Part:
    """A piece of a text. `is_found`: the search asked for it."""

    text: str
    is_found: bool = False


def answers(words: Sequence[str], one: Sought, *, any_length: bool = False) -> bool:
    """Say whether a word of a search is among stored words. `any_length`: a beginning will do."""
    if one.begins or any_length:
        return any(word.startswith(one.word) for word in words)
    return one.word in words


def excerpt(text: str, sought: Sequence[Sought]) -> list[Part]:
    """Return the part of a text around the first words that a search asked for."""
    return excerpt_around(text, lambda word: any(answers(words_of(word), one) for one in sought))


def excerpt_around(text: str, is_found: Callable[[str], bool]) -> list[Part]:
    """Return the part of a text around the first words that are found."""
    text = " ".join(text.split())
    found = _found(text, is_found)
    begins = max(found[0][0] - BEFORE, 0) if found else 0
    if begins:
        begins = text.rfind(" ", 0, begins + 1) + 1 or begins
    ends = min(len(text), begins + LONGEST)
    shown = [(start, min(end, ends)) for start, end in found if start < ends]
    parts = list(_cut(text, shown, begins, ends))
    front, back = "… " if begins else "", " …" if ends < len(text) else ""
    return [Part(front)] * bool(front) + parts + [Part(back)] * bool(back)


def marked(text: str, is_found: Callable[[str], bool]) -> list[Part]:
    """Return a whole text, with the words that are found."""
    return list(_cut(text, _found(text, is_found), 0, len(text)))


def _found(text: str, is_found: Callable[[str], bool]) -> list[tuple[int, int]]:
    return [(start, end) for start, end in _places(text) if is_found(text[start:end])]


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Yield where words begin and end: a mark or a joiner ends none."""
    plain = text if text.isascii() else "".join(map(_as_letter, text))
    return (word.span() for word in WORD.finditer(plain))


@lru_cache(maxsize=5_000)  # ours: the characters of a few scripts
def _as_letter(character: str) -> str:
    return "a" if is_within_word(character) else character


def _cut(text: str, found: Sequence[tuple[int, int]], begins: int, ends: int) -> Iterator[Part]:
    at = begins
    for start, end in found:
        if start > at:
            yield Part(text[at:start])
        yield Part(text[start:end], is_found=True)
        at = end
    if at < ends:
        yield Part(text[at:ends])
