"""What consumers read in whose language an account has not set its text."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from domain.automatic.kinds import Automatic
from domain.automatic.wordings import TextLanguages, Wording, fits, resolve_texts
from domain.languages import is_same_language
from domain.settings.scope import Origin


@dataclass(frozen=True)
class ReadInstead:
    """What is read for want of a text: in which language, and whose words."""

    language: str
    is_own: bool
    is_foreign: bool


@dataclass(frozen=True)
class MissingText:
    """What consumers read who write languages in which an account has not set its text.

    `written` are the languages in which it has, `readers` those of the consumers.
    """

    written: tuple[str, ...]
    readers: Mapping[ReadInstead, tuple[str, ...]]


def unwritten(
    wordings: Collection[Wording], languages: Iterable[str], tongue: TextLanguages
) -> dict[Automatic, MissingText]:
    """Return the events an account has a text for, but not in each of some languages."""
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
