"""Folding of free text: `¡STOP!`, `ＳＴＯＰ` and `stop` become one word."""

import unicodedata
from functools import lru_cache

LONGEST_KEYWORD = 100
"""Characters of a first text in which a keyword of its line is looked for. Ours."""


def fold(text: str) -> str:
    """Return `text` in lower case, without accents, punctuation, symbols and variants of width.

    Words are separated by single spaces.
    """
    compatible = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(map(_spaced, compatible)).split())


def first_word(text: str) -> str | None:
    """Return the first word of a text, folded, for comparison with a line's keywords."""
    return next(iter(fold(text[:LONGEST_KEYWORD]).split()), None)


@lru_cache(maxsize=5_000)  # ours: the characters of a few scripts
def _spaced(character: str) -> str:
    category = unicodedata.category(character)
    if category.startswith(("L", "N")):
        return character
    is_part_of_word = character in "'’-" or category == "Cf" or category.startswith("M")
    return "" if is_part_of_word else " "
