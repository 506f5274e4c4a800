"""What the rows of reports, and what limits these, are called."""

from collections.abc import Mapping, Sequence
from datetime import date

from babel.dates import format_date

from domain.origins.kinds import OriginKind
from domain.reporting.kinds import SplitBy
from domain.reporting.sources import BATCH
from translations.reader import reader
from web.datetimes import full_date, weekday
from web.words import Words

SOURCES = Words(
    {
        OriginKind.text: "The consumer texted",
        OriginKind.notification: "Notifications, and answers to them or to batches",
        OriginKind.call: "Texts after a call, and answers to them",
        OriginKind.proactive: "An agent or a program texted first",
        OriginKind.follow_up: "Our text after a call, or resumed",
        BATCH: "Texts of batches",
    }
)


def named(
    by: SplitBy, known: Mapping[str, str], only: Mapping[SplitBy, str]
) -> Sequence[tuple[str, str]]:
    """Return the choices of a filter by name; one that is not known stays as it was written."""
    chosen = {only[by]: only[by]} if by in only else {}
    names = {**chosen, **{key: name_of(by, key, name) for key, name in known.items()}}
    return sorted(names.items(), key=lambda one: one[1].casefold())


def name_of(by: SplitBy, key: str, name: str = "") -> str:
    """Return what a row is called in the reader's language."""
    match by:
        case SplitBy.day:
            return full_date(date.fromisoformat(key))
        case SplitBy.month:
            month = date.fromisoformat(f"{key}-01")
            return format_date(month, "LLLL y", locale=reader().language)
        case SplitBy.weekday:
            return weekday(int(key) - 1)
        case SplitBy.hour:
            return f"{int(key):02}:00"
        case SplitBy.source if key in SOURCES:
            return SOURCES[key]
        case _:
            return name or key
