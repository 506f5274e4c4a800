"""Folding of free text, so that `¡STOP!`, `ＳＴＯＰ` and `stop` are one word."""

import unicodedata


def fold(text: str) -> str:
    """Return `text` without case, accents, punctuation, symbols and width, single-spaced."""
    compatible = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(map(_spaced, compatible)).split())


def _spaced(character: str) -> str:
    category = unicodedata.category(character)
    if category.startswith(("L", "N")):
        return character
    is_part_of_word = character in "'’-" or category == "Cf" or category.startswith("M")
    return "" if is_part_of_word else " "
