"""What the first text to a consumer must say if they have not written: who writes, and how to stop.

The carriers' rules (CTIA Messaging Principles, 5.1) ask for the brand's name and the words that opt
out. That includes texts that only open a conversation.
"""

from enum import StrEnum

from domain.errors import Invalid
from domain.languages import stand_ins
from domain.text.folding import fold
from domain.text.limits import check_outgoing

STOP_WORDS = frozenset({"stop", "stopp", "unsubscribe", "optout"})
HOW_TO_STOP = {
    "en": "Reply STOP to opt out.",
    "de": "Antworten Sie STOP, um keine SMS mehr zu erhalten.",
    "fr": "Répondez STOP pour ne plus recevoir de SMS.",
    "es": "Responda STOP para no recibir mensajes.",
    "pt": "Responda STOP para deixar de receber mensagens.",
    "it": "Risponda STOP per non ricevere altri SMS.",
}
"""In the characters of GSM-7, so that they make no text longer than it must be."""


class FirstTextCheck(StrEnum):
    """What becomes of a first text that lacks something: it is completed, refused, or sent."""

    append = "append"
    refuse = "refuse"
    off = "off"


def checked(text: str, brand: str, language: str, check: FirstTextCheck) -> str:
    """Return a first text as it leaves. Raises `Invalid`, and `MessageTooLong` if completed."""
    lacks_brand, lacks_stop = _lacks_brand(text, brand), _lacks_stop(text)
    if check is FirstTextCheck.off or not (lacks_brand or lacks_stop):
        return text
    if check is FirstTextCheck.refuse:
        parts = ((lacks_brand, f"name {brand}"), (lacks_stop, "say how to opt out with STOP"))
        missing = " and ".join(words for is_missing, words in parts if is_missing)
        raise Invalid(f"The first text to a new consumer has to {missing}.")
    whole = with_how_to_stop(f"{brand}: {text}" if lacks_brand else text, language)
    check_outgoing(whole)
    return whole


def with_how_to_stop(text: str, language: str) -> str:
    """Return a text that says how to opt out: as it is, or with the sentence that does."""
    return f"{text}\n{_how_to_stop(language)}" if _lacks_stop(text) else text


def _lacks_brand(text: str, brand: str) -> bool:
    return f" {fold(brand)} " not in f" {fold(text)} "


def _lacks_stop(text: str) -> bool:
    said = fold(text)
    return STOP_WORDS.isdisjoint(said.split()) and " opt out " not in f" {said} "


def _how_to_stop(language: str) -> str:
    known = (one for one in stand_ins(language) if one in HOW_TO_STOP)
    return HOW_TO_STOP[next(known, "en")]
