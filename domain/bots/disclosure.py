"""What consumers read with a bot's first text, so that they know that no person writes."""

from collections.abc import Mapping

from domain.errors import Invalid
from domain.languages import DEFAULT, check_language, stand_ins
from domain.text.limits import units

LONGEST = 160
"""UTF-16 units. Ours: one segment, beside the bot's own words."""

WORDS: Mapping[str, str] = {
    "en": "You are talking with our automated assistant.",
    "de": "Sie schreiben mit unserem automatischen Assistenten.",
    "fr": "Vous échangez avec notre assistant automatique.",
    "es": "Está hablando con nuestro asistente automático.",
    "pt": "Está a falar com o nosso assistente automático.",
    "it": "Sta parlando con il nostro assistente automatico.",
}
"""The words where the account sets none of its own."""


def disclosure(own: Mapping[str, str], language: str, otherwise: str) -> str:
    """Return the words in a language, else in the account's, `otherwise`, else in English.

    In each language the account's own words come before ours.
    """
    for code in (*stand_ins(language), *stand_ins(otherwise)):
        if words := own.get(code) or WORDS.get(code):
            return words
    return WORDS[DEFAULT]


def check_disclosures(own: Mapping[str, str]) -> None:
    """Raise `Invalid` for a language that does not exist, and for unfit words."""
    for language, words in own.items():
        check_language(language)
        if not words.strip() or units(words) > LONGEST or "\0" in words:
            raise Invalid(f"A disclosure has 1 to {LONGEST} characters.")
