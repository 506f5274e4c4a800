"""What a first text may begin with: a word, or the whole text of a source, both folded."""

from dataclasses import dataclass

from domain.text.folding import first_word, fold

LONGEST = 160
"""Characters of a source's first text: one segment of plain letters. In every script, its link
fits into a QR code, which holds 2,331 characters (ISO/IEC 18004, version 40-M).
"""


@dataclass(frozen=True)
class FirstText:
    """A first text as it is compared: its first word, and the whole if it is short, both folded."""

    first_word: str | None = None
    folded_text: str | None = None

    @property
    def values(self) -> dict[str, object]:
        """Return the values by the names that queries use."""
        return {"first_word": self.first_word, "folded_text": self.folded_text}


NO_TEXT = FirstText()


def first_text_of(text: str | None) -> FirstText:
    """Return what a text begins with. One of symbols alone is compared with nothing."""
    if not text:
        return NO_TEXT
    folded = fold(text) if len(text) <= LONGEST else ""
    return FirstText(first_word(text), folded or None)
