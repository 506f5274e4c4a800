"""What a menu says and texts where the account has no words of its own, in six languages."""

from collections.abc import Mapping

from domain.calls.kinds import Wording
from domain.calls.texts import de, en, es, fr, it, pt

DEFAULTS: Mapping[str, Mapping[Wording, str]] = {
    "en": en.TEXTS,
    "de": de.TEXTS,
    "fr": fr.TEXTS,
    "es": es.TEXTS,
    "pt": pt.TEXTS,
    "it": it.TEXTS,
}
