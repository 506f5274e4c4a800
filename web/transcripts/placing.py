"""Entries of a transcript as templates show them: their days, their writers, the words sought."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from domain.conversation.kinds import Author
from domain.searching.excerpts import Part, marked
from translations.reader import reader
from web.transcripts.wire import Entry
from web.words import _


@dataclass(frozen=True)
class Placed:
    """An entry with its place. `day`: it is the first of this day. `byline`: who wrote it."""

    entry: Entry
    day: date | None
    byline: str
    follows: bool
    """The entry before is of the same writer."""
    parts: Sequence[Part]
    """Its text, with the words that a search asked for."""

    @property
    def is_found(self) -> bool:
        """Say whether a word of the search stands in it."""
        return any(part.is_found for part in self.parts)


def placed(
    entries: Sequence[Entry], zone: str, is_found: Callable[[str], bool] | None
) -> Iterator[Placed]:
    """Yield entries with their places. `zone`: of the account. `is_found`: of a search's words."""
    here, day, before = ZoneInfo(reader().zone or zone), None, None
    for entry in entries:
        its_day = entry.at.astimezone(here).date()
        begins = its_day if its_day != day else None
        byline = _byline(entry)
        text = entry.message.text if entry.message else ""
        parts = marked(text, is_found) if is_found else [Part(text)] if text else []
        yield Placed(entry, begins, byline, byline == before and begins is None, parts)
        day, before = its_day, byline


def _byline(entry: Entry) -> str:
    """Return who wrote a text, or what kind of text it is; empty for an event."""
    if entry.message is None:
        return ""
    label = entry.label
    if entry.is_survey:
        return _("Survey: {label}", label=label) if label else _("Survey: the consumer's answer")
    name = entry.by.name if entry.by else None
    match entry.message.author:
        case Author.consumer:
            return _("Consumer")
        case Author.system:
            return _("Automatic: {label}", label=label) if label else _("Automatic")
        case Author.bot:
            return _("Bot {name}", name=name)
        case Author.note:
            return _("Private note by {name}", name=name) if name else _("Note by Switchboard")
        case _:
            return name or _("Agent")
