"""Which text an automatic message has: the most specific one that is set, else the default."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.templates import DEFAULTS
from domain.words import Automatic


@dataclass(frozen=True)
class Wording:
    """A text an account set, for a line, for a skill, or (both None) for all of it."""

    event: Automatic
    language: str
    text: str
    enabled: bool = True
    line_id: str | None = None
    skill_id: str | None = None


def resolve(
    wordings: Iterable[Wording], *, language: str, default_language: str
) -> dict[Automatic, str]:
    """Return the texts that are on, of wordings that all apply to one line and skill.

    Line before skill before account; within each the conversation's language, then the
    account's. The first that is found decides, also that nothing is sent.
    """
    languages = [language, default_language]
    fitting = [wording for wording in wordings if wording.language in languages]
    fitting.sort(key=lambda wording: (_generality(wording), languages.index(wording.language)))
    chosen: dict[Automatic, str | None] = {}
    for wording in fitting:
        chosen.setdefault(wording.event, wording.text if wording.enabled else None)
    return {event: text for event, text in (DEFAULTS | chosen).items() if text}


def _generality(wording: Wording) -> int:
    if wording.line_id:
        return 0
    return 1 if wording.skill_id else 2
