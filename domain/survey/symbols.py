"""Emoji in answers, regardless of skin tone and presentation."""

import unicodedata

STARS = frozenset("⭐🌟★")
EMPTY_STARS = frozenset("☆")
KEYCAP_TEN = "🔟"
SKIN_TONES = range(0x1F3FB, 0x1F400)


def symbols_in(text: str) -> list[str]:
    """Return the emoji of a text in order, without characters that only change their look."""
    return [character for character in text if is_symbol(character)]


def is_symbol(character: str) -> bool:
    """Say whether a character is an emoji or another picture, and not a skin tone."""
    return unicodedata.category(character) == "So" and ord(character) not in SKIN_TONES
