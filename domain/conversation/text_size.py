"""How many segments a text counts as, wherever texts are counted."""

from domain.conversation.kinds import Author
from domain.text.segments import segments


def segments_of(author: str, text: str | None, kept: int) -> int:
    """Return the segments of a text. `kept`: those of a text of ours, as it was when it left.

    A consumer's are counted as we count our own: not every provider tells them.
    """
    if kept or not text or author != Author.consumer:
        return kept
    return segments(text).count
