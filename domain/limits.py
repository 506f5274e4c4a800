"""Lengths of texts, in characters."""

from domain.errors import MessageEmpty, MessageTooLong

OUTGOING = 1600
"""An agent's message: longer is refused, never cut or split (Twilio's own limit)."""

INCOMING = 5000
"""A consumer's text: stored up to here with a mark, never refused."""

SURVEY_QUESTION = 256
"""A question of the survey."""

PREVIEW = 120
"""The beginning of a message, for lists."""


def check_outgoing(text: str) -> None:
    """Raise `MessageEmpty` or `MessageTooLong` for a text that cannot be sent as one message."""
    if not text.strip():
        raise MessageEmpty
    if len(text) > OUTGOING:
        raise MessageTooLong(len(text), OUTGOING)


def cut_incoming(text: str) -> tuple[str, bool]:
    """Return a consumer's text as it is stored, and whether something was cut off."""
    return text[:INCOMING], len(text) > INCOMING


def preview(text: str) -> str:
    """Return the beginning of a text on one line."""
    return " ".join(text.split())[:PREVIEW]
