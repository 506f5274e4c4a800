"""Characters that nobody sees and that change what others see: controls, and marks of direction.

Joiners and the plain marks of one direction (U+200E, U+200F, U+061C) stay: scripts need them.
"""

import re
import unicodedata
from typing import Final

# The page's script has the same (web/static/island/hidden.js).
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Controls besides tab and new line, and embeddings, overrides and isolates of direction, such as
U+202E, which shows all that follows backwards.
"""
JOINERS: Final = "\u200c\u200d"
"""They shape Persian and Indian words, and join emoji."""
BLANK_LETTERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Characters that count as letters or signs and show nothing."""


def has_hidden(text: str) -> bool:
    """Say whether a text holds a character that nobody sees."""
    return HIDDEN.search(text) is not None


def is_one_line(text: str) -> bool:
    """Say whether a text is one line that people can read: with blanks of any width and joiners."""
    return all(
        character.isprintable() or character in JOINERS or unicodedata.category(character) == "Zs"
        for character in text
    )


def is_seen(text: str) -> bool:
    """Say whether a text has any character that shows something."""
    return any(
        unicodedata.category(character)[0] in "LNPS" and character not in BLANK_LETTERS
        for character in text
    )
