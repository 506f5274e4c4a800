"""Limits on the length of texts, and cutting between user-perceived characters.

Outgoing texts are counted in UTF-16 units, as providers count: an emoji has two or more.
"""

from domain.errors import MessageEmpty, MessageTooLong
from domain.text.graphemes import end_before

OUTGOING = 1600
"""UTF-16 units of an outgoing text; a longer one is refused, and never cut or split. Most providers
have this limit. One that takes less refuses the text itself (`longest_text` in its capabilities).
"""

INCOMING = 5000
"""Characters of a consumer's text that are stored; a longer text is marked, and never refused.
Ours: three times the longest text of a provider.
"""

SURVEY_QUESTION = 256
"""UTF-16 units of a survey question. By design (docs/behaviour.md): it is read at a glance."""

PREVIEW = 120
"""Characters of a message that lists show. Ours: one line of a page."""

WIDEST_OF_ONE_UNIT = "\uffff"


def units(text: str) -> int:
    """Return the UTF-16 units of a text, which providers count as its characters."""
    return len(text) + sum(character > WIDEST_OF_ONE_UNIT for character in text)


def check_outgoing(text: str, *, has_files: bool = False) -> None:
    """Raise `MessageEmpty` or `MessageTooLong` for a text that cannot be sent as one message.

    `has_files`: pictures go with it, so that it may be empty.
    """
    if not text.strip() and not has_files:
        raise MessageEmpty
    if (length := units(text)) > OUTGOING:
        raise MessageTooLong(length, OUTGOING, has_wide=length > len(text))


def cut_to_units(text: str, most: int) -> str:
    """Return the beginning of a text that fits into `most` UTF-16 units, splitting no emoji."""
    left = most
    for index, character in enumerate(text):
        left -= 2 if character > WIDEST_OF_ONE_UNIT else 1
        if left < 0:
            return text[: end_before(text, index)]
    return text


def cut_outgoing(text: str) -> str:
    """Return the beginning of an outgoing text that fits into one message."""
    return cut_to_units(text, OUTGOING)


def cut_incoming(text: str) -> tuple[str, bool]:
    """Return a consumer's text as it is stored, and whether it was cut."""
    return text[: end_before(text, INCOMING)], len(text) > INCOMING


def preview(text: str) -> str:
    """Return the beginning of a text as one line."""
    line = " ".join(text.split())
    return line[: end_before(line, PREVIEW)]
