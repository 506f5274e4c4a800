"""What an export is asked for with."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, model_validator

from database.tables import Export
from domain.errors import Invalid
from domain.exporting.kinds import NAMES_SOMEBODY, ExportFormat, ExportKind
from domain.people.token_scopes import TokenScope
from domain.reporting.kinds import SplitBy
from services.caller import Caller
from services.history.filters import HistoryFilters
from services.inputs import Input, Slug, example
from services.reporting.reports import ReportQuery
from services.reporting.spans import Days

MOST_COLUMNS = 120
ColumnName = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00]*$")]
FigureId = Annotated[str, StringConstraints(max_length=60)]
Source = Annotated[str, StringConstraints(max_length=120, pattern=r"^[!-~]*$")]


NO_FILTERS = "Figures have no filters. Name what limits them in report, such as its skill or team."


class ReportLimits(Input):
    """What limits a report, as `GET /v1/reports` takes it. `figures`: chosen ones; empty: all."""

    model_config = example(skill="acme-support", figures=["handled"])

    skill: Slug | None = None
    agent: Slug | None = None
    team: Slug | None = None
    line: Slug | None = None
    source: Source | None = None
    label: Slug | None = None
    figures: list[FigureId] = Field(default=[], max_length=100)


class ReportWanted(ReportLimits):
    """The report whose rows are exported, as `GET /v1/reports` takes it.

    `first`, `last`: days by the account's clock.
    """

    model_config = example(first="2026-11-01", last="2026-11-30", by="day", figures=["handled"])

    first: date
    last: date
    by: SplitBy = SplitBy.day

    def query(self) -> ReportQuery:
        """Return the question for the report."""
        names = (SplitBy.skill, SplitBy.agent, SplitBy.team, SplitBy.line, SplitBy.label)
        given = {by: getattr(self, by.value) for by in (*names, SplitBy.source)}
        only = {by: key for by, key in given.items() if key}
        return ReportQuery(Days(self.first, self.last), self.by, only, figures=self.figures)


class NewExport(Input):
    """An export. `filters`: of all conversations; its order is always that of their opening.

    `columns`: chosen ones in their order; without any, all. `report`: of figures, which have no
    other filters.
    """

    model_config = example(
        kind="messages", format="jsonl", filters={"opened_days": 30, "skill": ["acme-support"]}
    )

    kind: ExportKind
    format: ExportFormat = ExportFormat.csv
    filters: HistoryFilters = HistoryFilters()
    report: ReportWanted | None = None
    columns: list[ColumnName] = Field(default=[], max_length=MOST_COLUMNS)

    @model_validator(mode="after")
    def _has_report(self) -> Self:
        if (self.kind is ExportKind.figures) != (self.report is not None):
            raise ValueError("report: figures have one, and nothing else does")
        if self.kind is ExportKind.figures and self.filters != HistoryFilters():
            raise ValueError(NO_FILTERS)
        return self

    def kept(self) -> dict[str, Any]:
        """Return it as rows keep it."""
        return {
            "kind": str(self.kind),
            "format": str(self.format),
            "filters": self.filters.model_dump(mode="json", exclude_defaults=True),
            "report": self.report.model_dump(mode="json") if self.report else None,
            "columns": self.columns or None,
        }

    @classmethod
    def of(cls, row: Export) -> Self:
        """Return what a row keeps."""
        return cls(
            kind=ExportKind(row.kind),
            format=ExportFormat(row.format),
            filters=HistoryFilters.model_validate({} if row.report else row.filters),
            report=ReportWanted.model_validate(row.report) if row.report else None,
            columns=list(row.columns or ()),
        )


def told(kept: dict[str, Any]) -> dict[str, Any]:
    """Return what the audit log keeps of an export."""
    filters = _hidden(kept["filters"])
    shown = {name: kept[name] for name in ("kind", "format", "report", "columns")}
    return {name: value for name, value in {**shown, "filters": filters}.items() if value}


def filters_shown(caller: Caller, filters: dict[str, Any]) -> dict[str, Any]:
    """Return filters as a caller may see them: with dots for a token that reads no conversations,
    in the place of what may name a consumer.
    """
    return filters if caller.has_scope(TokenScope.conversations_read) else _hidden(filters)


def _hidden(filters: dict[str, Any]) -> dict[str, Any]:
    return {k: "•••" if k in NAMES_SOMEBODY else v for k, v in filters.items()}


def check_columns(names: Sequence[str], wanted: Sequence[str], kept: Collection[str] = ()) -> None:
    """Raise `Invalid` for a column that there is not, and for one that comes twice.

    `kept`: chosen before, when there were such; a retired one stays empty.
    """
    unknown = [one for one in wanted if one not in names and one not in kept]
    if unknown:
        raise Invalid(f"There is no column {unknown[0]}. There are: {', '.join(names)}.")
    twice = [one for at, one in enumerate(wanted) if one in wanted[:at]]
    if twice:
        raise Invalid(f"The column {twice[0]} is chosen twice.")
