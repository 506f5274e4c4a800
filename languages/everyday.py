"""Recognises everyday texts that are too short for statistics: hello, thanks, yes.

The words are folded. Words that several languages share, such as `ja`, `hallo`, `si` or `ok`, are
left out.
"""

from domain.text.folding import fold

WORDS: dict[str, frozenset[str]] = {
    "en": frozenset(
        {
            *("hello", "hello there", "hi there", "good morning", "good afternoon"),
            *("good evening", "thanks", "thank you", "thanks a lot", "many thanks", "thx"),
            *("yes", "yes please", "no thanks", "no thank you", "please", "great thanks"),
        }
    ),
    "de": frozenset(
        {
            *("guten tag", "guten morgen", "guten abend", "hallo zusammen", "moin", "servus"),
            *("gruss gott", "danke", "danke schon", "dankeschon", "vielen dank", "besten dank"),
            *("ja bitte", "ja danke", "nein", "nein danke", "bitte", "alles klar"),
        }
    ),
    "fr": frozenset(
        {
            *("bonjour", "bonsoir", "coucou", "merci", "merci beaucoup", "merci bien"),
            *("oui", "oui merci", "non merci", "daccord", "svp", "sil vous plait"),
            *("bonne journee", "bonne soiree"),
        }
    ),
    "es": frozenset(
        {
            *("hola", "buenos dias", "buenas tardes", "buenas noches", "buenas"),
            *("gracias", "muchas gracias", "mil gracias", "si gracias", "no gracias"),
            *("si por favor", "de acuerdo"),
        }
    ),
    "pt": frozenset(
        {
            *("bom dia", "boa tarde", "boa noite", "obrigado", "obrigada", "muito obrigado"),
            *("muito obrigada", "sim por favor", "sim obrigado", "sim obrigada"),
            *("nao", "nao obrigado", "nao obrigada"),
        }
    ),
    "it": frozenset(
        {
            *("ciao", "buongiorno", "buon giorno", "buonasera", "buona sera", "grazie"),
            *("grazie mille", "mille grazie", "si grazie", "no grazie", "va bene"),
            *("per favore", "daccordo"),
        }
    ),
}

_LANGUAGES = {text: language for language, texts in WORDS.items() for text in texts}


def everyday_language(text: str) -> str | None:
    """Return the language of a text that consists of one of these phrases; None for any other."""
    return _LANGUAGES.get(fold(text))
