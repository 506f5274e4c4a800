"""Languages of consumers in which an account has not set a text, and what is read instead."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from domain.automatic.kinds import Automatic
from domain.automatic.wordings import TextLanguages, Wording, fits, resolve_texts
from domain.languages import is_same_language
from domain.settings.scope import Origin


@dataclass(frozen=True)
class ReadInstead:
    """The text read instead: its language, and whether the account wrote it (`is_own`)."""

    language: str
    is_own: bool
    is_foreign: bool


@dataclass(frozen=True)
class MissingText:
    """An event whose text an account has set in some languages but not in others.

    `written`: the languages it is set in. `readers`: the other languages, by what is read instead.
    """

    written: tuple[str, ...]
    readers: Mapping[ReadInstead, tuple[str, ...]]


def unwritten(
    wordings: Collection[Wording], languages: Iterable[str], tongue: TextLanguages
) -> dict[Automatic, MissingText]:
    """Return the events whose text an account has set, but not in every one of `languages`."""
    written: dict[Automatic, set[str]] = {}
    for wording in wordings:
        if wording.is_on and fits(wording.event, wording.scope):
            written.setdefault(wording.event, set()).add(wording.language)
    readers: dict[Automatic, dict[ReadInstead, tuple[str, ...]]] = {}
    for language in languages:
        for event, text in resolve_texts(wordings, replace(tongue, language=language)).items():
            is_foreign = not is_same_language(text.value.language, language)
            read = ReadInstead(text.value.language, text.origin is not Origin.default, is_foreign)
            is_missing = is_foreign or not read.is_own
            if event in written and text.value.enabled and is_missing:
                found = readers.setdefault(event, {})
                found[read] = (*found.get(read, ()), language)
    return {
        event: MissingText(tuple(sorted(written[event])), found) for event, found in readers.items()
    }
