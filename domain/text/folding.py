"""Folding of free text, so that `¡STOP!`, `ＳＴＯＰ` and `stop` are one word."""

import unicodedata

LONGEST_KEYWORD = 100
"""Characters of a first text that are looked at for a keyword of its line."""


def fold(text: str) -> str:
    """Return `text` without case, accents, punctuation, symbols and width, single-spaced."""
    compatible = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(map(_spaced, compatible)).split())


def first_word(text: str) -> str | None:
    """Return the first word of a text, folded: what a line's keywords are matched with."""
    return next(iter(fold(text[:LONGEST_KEYWORD]).split()), None)


def _spaced(character: str) -> str:
    category = unicodedata.category(character)
    if category.startswith(("L", "N")):
        return character
    is_part_of_word = character in "'’-" or category == "Cf" or category.startswith("M")
    return "" if is_part_of_word else " "
