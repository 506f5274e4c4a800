"""Lengths of texts, and cutting them where nobody sees the cut.

What we send is counted in UTF-16 units, as providers count: an emoji is two of them or more.
"""

from domain.errors import MessageEmpty, MessageTooLong
from domain.text.graphemes import end_before

OUTGOING = 1600
"""UTF-16 units of a message of ours: longer is refused, never cut or split. The lowest limit of
our providers (`longest_text` of their capabilities).
"""

INCOMING = 5000
"""Characters of a consumer's text: stored up to here with a mark, never refused."""

SURVEY_QUESTION = 256
"""UTF-16 units of a question of the survey."""

PREVIEW = 120
"""Characters at the beginning of a message, for lists."""

WIDEST_OF_ONE_UNIT = "\uffff"


def units(text: str) -> int:
    """Return the UTF-16 units of a text: what a provider counts as its characters."""
    return len(text) + sum(character > WIDEST_OF_ONE_UNIT for character in text)


def check_outgoing(text: str) -> None:
    """Raise `MessageEmpty` or `MessageTooLong` for a text that cannot be sent as one message."""
    if not text.strip():
        raise MessageEmpty
    if (length := units(text)) > OUTGOING:
        raise MessageTooLong(length, OUTGOING, has_wide=length > len(text))


def cut_to_units(text: str, most: int) -> str:
    """Return the beginning of a text that fits into so many UTF-16 units; no emoji is halved."""
    left = most
    for index, character in enumerate(text):
        left -= 2 if character > WIDEST_OF_ONE_UNIT else 1
        if left < 0:
            return text[: end_before(text, index)]
    return text


def cut_outgoing(text: str) -> str:
    """Return what of a text of ours fits into one message."""
    return cut_to_units(text, OUTGOING)


def cut_incoming(text: str) -> tuple[str, bool]:
    """Return a consumer's text as it is stored, and whether something was cut off."""
    return text[: end_before(text, INCOMING)], len(text) > INCOMING


def preview(text: str) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(text.split())
    return line[: end_before(line, PREVIEW)]
