"""Recognises the language of a consumer's text, or None when it is unclear.

The model (py3langid) is loaded in a thread, by `prepare` or for the first text that needs it.
Measured on two shared cores: loading takes 1.5 s of processor time and up to 125 MB; the model then
keeps 100 MB, and a text takes 0.2 ms. The thresholds were tested with 60 other texts, ten in each
of the six languages: 50 were recognised, 10 were not, and none was taken for another language.
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
"""Languages the model also tells apart. Close relatives of the six, such as Galician, are left out:
they would only draw texts away from the six.
"""

FLOOR = 0.5
"""The least probability for one of the six: no test text above it is taken for another language."""

FLOOR_OF_OTHERS = 0.7
FLOOR_TO_CHANGE = 0.9
"""The least probability when another language is already known. Ours."""

WORDS_TO_CHANGE = 4
LETTERS = 4
"""A text with fewer letters is ignored, unless each is a syllable or word, as in Chinese. Ours."""

RECENT = 200
"""Texts whose result is cached: an opening needs it twice, for the policy and the consumer."""

LOOKED_AT = 400
"""Characters of a text that the model reads. Ours: more of them do not change the result."""

NOT_LANGUAGE = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|[^\W\d_]*[\d_]\w*")
"""Removed before recognition: addresses, numbers, and words with digits such as order numbers."""

DENSE = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


class Model(Protocol):
    """What we use of py3langid's identifier."""

    def classify(self, text: str) -> tuple[str, float]:
        """Return the most likely of the configured languages, and its probability."""


@dataclass
class Recogniser:
    """Recognises languages, and keeps the model once it is loaded. Thread-safe."""

    _model: Model | None = None
    _is_unusable: bool = False
    _loading: Lock = field(default_factory=Lock)

    async def prepare(self) -> None:
        """Load the model in a thread, so that the first consumer does not wait for it."""
        if self._model is None and not self._is_unusable:
            await asyncio.to_thread(self._ready_model)

    async def recognise(self, text: str, known: str | None = None) -> str | None:
        """Do the same as `language_of`, without blocking the event loop while the model loads."""
        if _needs_model(text, known):
            await self.prepare()
        return self.language_of(text, known)

    def language_of(self, text: str, known: str | None = None) -> str | None:
        """Return the ISO 639-1 code of a text's language, without a region.

        Returns `known` when the text is short, unclear or has no letters. A known language changes
        only with a longer text whose language is clear. Never raises: without the model only
        everyday phrases are recognised.
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
    """Load the model, restricted to the languages we tell apart."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # slow: it brings numpy

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([*SUPPORTED, *OTHERS])
    return Remembering(identifier)


class Remembering:
    """A model that caches its results by text."""

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
