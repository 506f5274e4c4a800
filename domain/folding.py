"""Folding of free text, so that `¡STOP!`, `ＳＴＯＰ` and `stop` are one word."""

import unicodedata


def fold(text: str) -> str:
    """Return `text` without case, accents, punctuation, symbols and width, single-spaced."""
    compatible = unicodedata.normalize("NFKD", text).casefold()
    kept = (_spaced(c) for c in compatible if not unicodedata.combining(c))
    return " ".join("".join(kept).split())


def _spaced(character: str) -> str:
    category = unicodedata.category(character)
    if category.startswith(("L", "N")):
        return character
    return "" if character in "'’-" or category == "Cf" else " "
