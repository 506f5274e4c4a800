"""Recognising the language of a consumer's text: one of many, or None when it is not clear.

The model (py3langid) is loaded beside other work, by `prepare` or for the first text in need of it.
Measured on two shared cores: 1.5 s of processor time and 100 MB of memory for good, 125 MB while it
loads; a text then takes 0.2 ms. Of 60 texts that had no part in choosing the floors, ten in each of
the six languages, 50 were recognised, 10 not, and none was taken for another language.
"""

import asyncio
import lzma
import re
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Protocol

import structlog

from domain.languages import SUPPORTED
from languages.everyday import everyday_language

log = structlog.stdlib.get_logger()

OTHERS = (
    *("ar", "bg", "ca", "cs", "da", "el", "et", "fa", "fi", "he", "hi", "hr", "hu", "ja", "ko"),
    *("lt", "lv", "nl", "no", "pl", "ro", "ru", "sk", "sl", "sr", "sv", "th", "tl", "tr", "uk"),
    *("vi", "zh"),
)
"""Told apart from the six. Near relatives such as Galician would only take from these."""

FLOOR = 0.5
"""Of the probability, for one of the six: above it no text of the tests is taken for another."""

FLOOR_OF_OTHERS = 0.7
FLOOR_TO_CHANGE = 0.9
"""Where another language is known already."""

WORDS_TO_CHANGE = 4
LETTERS = 4
"""A text with fewer is not looked at, unless each letter is a syllable or word, as in Chinese."""

RECENT = 200
"""Texts the model is not asked about again: an opening asks twice, for policy and consumer."""

LOOKED_AT = 400
"""Characters of a text: more tell nothing new."""

NOT_LANGUAGE = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|[^\W\d_]*[\d_]\w*")
"""Addresses, numbers, and words with digits, such as order numbers."""

DENSE = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


class Model(Protocol):
    """What is used of py3langid's identifier."""

    def classify(self, text: str) -> tuple[str, float]:
        """Return the likeliest language and its probability among those it was told of."""


@dataclass
class Recogniser:
    """Recognises languages; keeps the model once it is loaded. Any thread may use it."""

    _model: Model | None = None
    _is_unusable: bool = False
    _loading: Lock = field(default_factory=Lock)

    async def prepare(self) -> None:
        """Load the model in a thread, so that the first consumer need not wait for it."""
        if self._model is None and not self._is_unusable:
            await asyncio.to_thread(self._ready_model)

    async def recognise(self, text: str, known: str | None = None) -> str | None:
        """Return what `language_of` does, without holding up the event loop while it loads."""
        if _needs_model(text, known):
            await self.prepare()
        return self.language_of(text, known)

    def language_of(self, text: str, known: str | None = None) -> str | None:
        """Return the code of a text's language, or what is `known` of the consumer already.

        None when nothing is known and the text is short, unclear or has no letters. What is known
        changes only with a longer text that leaves no doubt. Codes are of ISO 639-1, without a
        region. It never raises: without its model it recognises everyday words only.
        """
        words = _words(text)
        if known and not _may_change(words):
            return known
        return self._found(words, known) or known

    def _found(self, words: str, known: str | None) -> str | None:
        everyday = everyday_language(words)
        if everyday or not _has_enough(words):
            return everyday
        model = self._ready_model()
        if model is None:
            return None
        found, probability = model.classify(words)
        if known and known.partition("-")[0] == found:
            return known
        return found if probability >= _floor(found, known) else None

    def _ready_model(self) -> Model | None:
        if self._model is None and not self._is_unusable:
            with self._loading:
                self._load()
        return self._model

    def _load(self) -> None:
        if self._model is not None or self._is_unusable:
            return
        try:
            self._model = load_model()
        except (ImportError, OSError, ValueError, MemoryError, lzma.LZMAError) as error:
            self._is_unusable = True
            log.warning("languages_not_recognised", error=type(error).__name__)


def load_model() -> Model:
    """Load the model, restricted to the languages that are told apart."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # slow: it brings numpy

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([*SUPPORTED, *OTHERS])
    return Remembering(identifier)


class Remembering:
    """A model that looks at the same text once."""

    def __init__(self, model: Model) -> None:
        self.classify = lru_cache(RECENT)(model.classify)


def _words(text: str) -> str:
    return NOT_LANGUAGE.sub(" ", text[:LOOKED_AT])


def _needs_model(text: str, known: str | None) -> bool:
    words = _words(text)
    is_settled = known is not None and not _may_change(words)
    return not is_settled and _has_enough(words) and everyday_language(words) is None


def _has_enough(words: str) -> bool:
    return sum(map(str.isalpha, words)) >= LETTERS or DENSE.search(words) is not None


def _may_change(words: str) -> bool:
    return len(words.split()) >= WORDS_TO_CHANGE or DENSE.search(words) is not None


def _floor(found: str, known: str | None) -> float:
    if known:
        return FLOOR_TO_CHANGE
    return FLOOR if found in SUPPORTED else FLOOR_OF_OTHERS
