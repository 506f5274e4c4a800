"""What filters offer to choose from, and what the page calls what was chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.consumers.fields import Field
from domain.consumers.kinds import FieldKind
from services.configuring import sources
from services.history import reading
from translations.reader import reader
from web import choices
from web.frame import Frame
from web.history import wording
from web.history.sought import OWN_FIELD, Sought
from web.marks import LabelName, load_marks
from web.words import _

Options = Sequence[tuple[str, str]]

ELEVEN: Options = tuple((str(one), str(one)) for one in range(11))


@dataclass(frozen=True)
class Choices:
    """Names of everything a filter can choose, retired ones too, by the filter's name."""

    options: Mapping[str, Options]
    labels: Mapping[str, LabelName]
    fields: Sequence[Field]

    @property
    def own_fields(self) -> list[str]:
        """Return the names that filters by the account's own fields have."""
        return [f"{OWN_FIELD}{one.key}" for one in self.fields]

    def named(self, name: str, value: str) -> str:
        """Return what a value of a filter is called; itself if nobody knows it."""
        return dict(self.options.get(name, ())).get(value, value)

    def title(self, name: str) -> str:
        """Return what a filter is called."""
        if not name.startswith(OWN_FIELD):
            return wording.FILTERS[name]
        key = name.removeprefix(OWN_FIELD)
        return next((one.name for one in self.fields if one.key == key), key)


@dataclass(frozen=True)
class Chip:
    """A filter that is set, and the address without it."""

    title: str
    words: str
    off: str


async def load_choices(frame: Frame) -> Choices:
    """Return the names that the page needs."""
    caller, session, names = frame.caller, frame.session, frame.page.names
    marks = await load_marks(caller, session)
    ways = await sources.listed(caller, session, retired=True)
    fields = await reading.fields_of(caller, session)
    people = _sorted(names.agents)
    options: dict[str, Options] = {
        "skill": _sorted(names.skills),
        "agent": people,
        "took_part": people,
        "team": _sorted(await reading.teams_of(caller, session)),
        "line": _sorted(names.lines),
        "label": _sorted({id_: one.name for id_, one in marks["labels"].items()}),
        "closing_reason": _sorted({id_: one.name for id_, one in marks["closing_reasons"].items()}),
        "source": _sorted({one.source.id: one.source.name for one in ways}),
        "language": choices.languages(reader().language),
        "score": ELEVEN,
        "nps": ELEVEN,
        **_fixed(),
        **{f"{OWN_FIELD}{one.key}": _values_of(one) for one in fields},
    }
    return Choices(options, marks["labels"], fields)


def chips(sought: Sought, known: Choices) -> list[Chip]:
    """Return the filters that are set, each of which can be taken off."""
    return [
        Chip(known.title(name), known.named(name, value), sought.without(name, value).address())
        for name, value in sought.chosen
    ]


def _fixed() -> dict[str, Options]:
    tables: dict[str, Mapping[Any, str]] = {
        "status": wording.STATUSES,
        "close_reason": wording.CLOSED_BY,
        "origin": wording.ORIGINS,
        "survey": wording.SURVEYS,
        "response": wording.RESPONSES,
        "priority": wording.PRIORITIES,
        "satisfied": wording.YES_OR_NO,
        "nps_group": wording.RECOMMENDS,
        "resolved": wording.YES_OR_NO,
        "first": wording.YES_OR_NO,
    }
    return {
        name: [(str(key), words) for key, words in table.items()] for name, table in tables.items()
    }


def _values_of(field: Field) -> Options:
    match field.kind:
        case FieldKind.choice:
            return [(one, one) for one in field.choices]
        case FieldKind.yes_no:
            return [("yes", _("yes")), ("no", _("no"))]
        case _:
            return ()


def _sorted(names: Mapping[str, str]) -> Options:
    return sorted(names.items(), key=lambda pair: pair[1].casefold())
