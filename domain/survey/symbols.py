"""Emoji in answers: one symbol whatever its skin tone or presentation."""

import unicodedata

STARS = frozenset("⭐🌟★")
EMPTY_STARS = frozenset("☆")
KEYCAP_TEN = "🔟"
SKIN_TONES = range(0x1F3FB, 0x1F400)


def symbols_in(text: str) -> list[str]:
    """Return the emoji of a text in order, without what only changes how they look."""
    return [character for character in text if is_symbol(character)]


def is_symbol(character: str) -> bool:
    """Say whether a character is an emoji or another picture, and not a skin tone."""
    return unicodedata.category(character) == "So" and ord(character) not in SKIN_TONES


def stars_in(text: str) -> int:
    """Count the stars of a text, the full ones of `★★★☆☆`; 0 when they are not in one run."""
    run = "".join(character for character in text if not _is_between(character))
    count = sum(character in STARS for character in run)
    together = any(star * count in run for star in STARS)
    return count if count and together else 0


def without_stars(text: str) -> str:
    return "".join(character for character in text if character not in STARS | EMPTY_STARS)


def _is_between(character: str) -> bool:
    is_tone = ord(character) in SKIN_TONES
    return is_tone or character.isspace() or unicodedata.category(character) in ("Mn", "Cf")
