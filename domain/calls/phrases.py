"""What callers say to a menu, in six languages.

A spoken text is a consent, so the reading is strict: a denial, or two wishes at once, is not
understood and asked again.
"""

from collections.abc import Mapping
from enum import StrEnum

from domain.languages import nearest
from domain.text.folding import fold

LONGEST_SAID = 300
"""Characters that are read of what was said. Ours: nobody answers a menu with more."""
LEAST_CONFIDENCE = 0.4
"""Below it, the caller is asked again. Ours; 0 or none means that the provider does not tell."""


class Choice(StrEnum):
    """What a caller chose."""

    text_me = "text_me"
    keep_waiting = "keep_waiting"
    hear_again = "hear_again"


PHRASES: Mapping[Choice, tuple[str, ...]] = {
    Choice.text_me: (
        *("text me", "text", "texts", "text message", "message me", "sms", "send a message"),
        *("schreib mir", "schreiben sie mir", "schreiben sie", "nachricht", "textnachricht"),
        *("ecrivez moi", "ecrivezmoi", "texto", "par message", "envoyez un message"),
        *("escribame", "escribeme", "mensaje", "mensaje de texto", "por mensaje"),
        *("mande mensagem", "mensagem", "me escreva", "por mensagem", "me manda mensagem"),
        *("mi scriva", "scrivimi", "messaggio", "per messaggio"),
    ),
    Choice.keep_waiting: (
        *("wait", "keep waiting", "hold", "stay", "agent", "representative"),
        *("warten", "weiter warten", "mitarbeiter"),
        *("attendre", "patienter", "conseiller"),
        *("esperar", "espero", "agente"),
        *("aguardar", "atendente", "continuar esperando"),
        *("attendere", "aspettare", "aspetto", "operatore"),
    ),
    Choice.hear_again: (
        *("again", "repeat", "noch einmal", "nochmal", "wiederholen", "repeter", "encore une fois"),
        *("repetir", "otra vez", "de novo", "ripetere", "ripeta", "di nuovo"),
    ),
}
NUMBERS: Mapping[str, Choice] = {
    **dict.fromkeys(("1", "one", "eins", "un", "uno", "um"), Choice.text_me),
    **dict.fromkeys(("2", "two", "zwei", "deux", "dos", "dois", "due"), Choice.keep_waiting),
    **dict.fromkeys(("0", "zero", "null", "cero"), Choice.hear_again),
}
"""Numbers are read only where nothing else was said."""
HINTS: Mapping[str, str] = {
    "en": "text me, text, text message, SMS",
    "de": "schreib mir, schreiben Sie mir, SMS, Nachricht",
    "fr": "écrivez-moi, SMS, texto",
    "es": "escríbame, SMS, mensaje",
    "pt": "mande mensagem, SMS, mensagem",
    "it": "mi scriva, SMS, messaggio",
}
DENIALS = frozenset(
    (
        *("no", "not", "dont", "never", "stop", "nein", "nicht", "kein", "keine", "keinen"),
        *("non", "pas", "jamais", "nunca", "nao", "mai", "senza"),
    )
)


def choice_in(said: str, confidence: float | None = None) -> Choice | None:
    """Return what a caller said they want, in any language; None: it is not clear.

    `confidence`: the provider's, from 0 to 1.
    """
    if confidence and confidence < LEAST_CONFIDENCE:
        return None
    words = fold(said[:LONGEST_SAID])
    if words in NUMBERS:
        return NUMBERS[words]
    if DENIALS & set(words.split()):
        return None
    found = [choice for choice, phrases in PHRASES.items() if _has_one(words, phrases)]
    return found[0] if len(found) == 1 else None


def hints(language: str) -> str:
    """Return what a provider should expect to hear in a language, separated by commas."""
    return HINTS[nearest(language)]


def _has_one(words: str, phrases: tuple[str, ...]) -> bool:
    return any(f" {phrase} " in f" {words} " for phrase in phrases)
