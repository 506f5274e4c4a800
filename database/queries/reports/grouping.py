"""SQL that groups facts by everything that sums are kept by, in as few readings as possible."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from database.queries.reports.kept import COLUMNS, LED, OF_AGENTS, PAIRS, name_of
from domain.reporting.kinds import Dimension, Span

PLACE = "span, dimension, begins_at, key, also, kind, detail"
"""What tells sums apart."""


@dataclass(frozen=True)
class Group:
    """One way in which facts are grouped."""

    dimensions: tuple[Dimension, ...]
    span: Span = Span.day
    name: str = ""

    @property
    def is_led(self) -> bool:
        return self.dimensions == LED

    @property
    def columns(self) -> list[str]:
        hour = ["hour"] if self.span is Span.hour else []
        return [*hour, *(COLUMNS[one] for one in self.dimensions)]

    def key(self, place: int) -> str:
        """Return its first or second key in SQL; what is of none has null and is left out."""
        if place >= len(self.dimensions):
            return "''"
        column = COLUMNS[self.dimensions[place]]
        return f"coalesce({column}, '')" if self.is_led else column


@dataclass(frozen=True)
class Reading:
    """Facts that are read once for several groups. `where`: which of them."""

    groups: Sequence[Group]
    where: str = "true"
    has_labels: bool = False

    def sql(self, table: str, values: str) -> str:
        """Return a query of sums. `values`: what is summed.

        `table`: with `_labelled` behind its name, it is that of facts with labels.
        """
        known = sorted({column for one in self.groups for column in one.columns})
        sets = ", ".join(f"({', '.join(one.columns)})" for one in self.groups)
        of = {self._mask(one, known): one for one in self.groups}
        return f"""
        SELECT {_case({mask: f"'{one.span}'" for mask, one in of.items()})} AS span,
            {_case({mask: f"'{one.name or name_of(one.dimensions)}'" for mask, one in of.items()})}
                AS dimension,
            {_case({m: _begins(one) for m, one in of.items()})} AS begins_at,
            {_case({mask: one.key(0) for mask, one in of.items()})} AS key,
            {_case({mask: one.key(1) for mask, one in of.items()})} AS also, grouped.*
        FROM (
            SELECT GROUPING({", ".join(known)}) AS told, {", ".join(known)}, kind, detail, {values}
            FROM {table}{"_labelled" if self.has_labels else ""} WHERE {self.where}
            GROUP BY kind, detail, GROUPING SETS ({sets})
        ) AS grouped"""  # noqa: S608 - our own words

    @staticmethod
    def _mask(group: Group, known: Collection[str]) -> int:
        """Return what GROUPING says of a group: a bit for each column that it is not told by."""
        bits = ["0" if one in group.columns else "1" for one in known]
        return int("".join(bits), 2)


def _begins(group: Group) -> str:
    return "hour" if group.span is Span.hour else "CAST(:begins AS timestamptz)"


def _case(values: dict[int, str]) -> str:
    cases = " ".join(f"WHEN {mask} THEN {value}" for mask, value in values.items())
    return f"CASE told {cases} END"


def _groups(span: Span, *, of_agents: bool, labels: bool = False) -> list[Group]:
    """Return the groups that tell agents apart, or not; and labels, or not."""
    alone: list[tuple[Dimension, ...]] = [(), *((one,) for one in COLUMNS)]
    pairs = [pair for pair in PAIRS if pair != LED]
    return [
        Group(one, span)
        for one in (alone if span is Span.hour else [*alone, *pairs])
        if (Dimension.agent in one, Dimension.label in one) == (of_agents, labels)
    ]


OF_ALL, OF_AGENT = "NOT is_of_agent", "agent_id IS NOT NULL"
READINGS = (
    (
        Reading([*_groups(Span.day, of_agents=False), Group(LED)], OF_ALL),
        Reading([Group(LED, name=OF_AGENTS)], "is_of_agent"),
    ),
    (Reading(_groups(Span.hour, of_agents=False), OF_ALL),),
    (Reading(_groups(Span.day, of_agents=True), OF_AGENT),),
    (Reading(_groups(Span.hour, of_agents=True), OF_AGENT),),
    (
        Reading(_groups(Span.day, of_agents=False, labels=True), OF_ALL, has_labels=True),
        Reading(_groups(Span.hour, of_agents=False, labels=True), OF_ALL, has_labels=True),
        Reading(_groups(Span.day, of_agents=True, labels=True), OF_AGENT, has_labels=True),
    ),
)
"""What is read in one statement each: none of them may take long."""


def grouped(readings: Sequence[Reading], table: str, values: str) -> str:
    """Return a query of the sums of a table of facts: see `Reading.sql`."""
    names = ", ".join(one.rsplit(" ", 1)[1] for one in values.split(", "))
    return " UNION ALL ".join(
        f"SELECT {PLACE}, {names} FROM ({one.sql(table, values)}) AS told"  # noqa: S608 - our own words
        " WHERE key IS NOT NULL AND also IS NOT NULL"
        for one in readings
    )
