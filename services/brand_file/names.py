"""Names in place of ids: what a file calls the things that other things refer to."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows
from database.tables import Agent, Bot, ClosingReason, Connector, Label, Line, Skill
from domain.errors import Conflict

REFERABLE: dict[
    str,
    type[Skill] | type[Connector] | type[Line] | type[Label] | type[ClosingReason] | type[Bot],
] = {
    "skills": Skill,
    "connectors": Connector,
    "lines": Line,
    "labels": Label,
    "closing_reasons": ClosingReason,
    "bots": Bot,
}
"""Sections whose things are referred to by name. People are, by their e-mail address."""
PEOPLE = "people"
ONE = {
    "skills": "skill",
    "connectors": "connector",
    "lines": "line",
    "labels": "label",
    "closing_reasons": "closing reason",
    "bots": "bot",
    PEOPLE: "person",
}


class NoSuchName(Exception):
    """Nothing has the name now: what should have it could not be added."""


@dataclass
class Names:
    """The names of one account's things, by section, while a file is compared and applied."""

    ids: dict[str, dict[str, str]] = field(default_factory=dict)
    _names: dict[str, dict[str, str]] = field(default_factory=dict)
    """The other way round."""

    def id_of(self, section: str, name: str) -> str:
        """Return an id. Raises `NoSuchName`."""
        try:
            return self.ids[section][name]
        except KeyError:
            raise NoSuchName(name) from None

    def name_of(self, section: str, row_id: str | None) -> str | None:
        """Return the name of an id; None for what is retired."""
        return self._names.get(section, {}).get(row_id) if row_id is not None else None

    def add(self, section: str, name: str, row_id: str) -> None:
        self.ids.setdefault(section, {})[name] = row_id
        self._names.setdefault(section, {})[row_id] = name

    def rename(self, section: str, old: str, new: str) -> None:
        if section in self.ids:
            self.add(section, new, self.ids[section].pop(old))


async def load(session: AsyncSession, account_id: str) -> Names:
    """Return the names in use. Raises `Conflict` where two things have one name."""
    names = Names()
    for section, table in REFERABLE.items():
        found = await account_rows.named(session, table, account_id)
        _check_apart(section, Counter(name for name, _ in found))
        names.ids[section] = {}
        for name, row_id in found:
            names.add(section, name, row_id)
    people = await account_rows.listed(session, Agent, account_id)
    names.ids[PEOPLE] = {}
    for row in people:
        names.add(PEOPLE, row.email, row.id)
    return names


def _check_apart(section: str, counted: Mapping[str, int]) -> None:
    twice = next((name for name, times in counted.items() if times > 1), None)
    if twice is not None:
        raise Conflict(
            f"There is more than one {ONE[section]} called {twice}. A file tells things apart by "
            "their names: give one of them another name first."
        )
