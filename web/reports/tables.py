"""The table of a report: its rows, sorted, with the figures somebody chose."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.reporting.catalogue import FIGURES
from domain.reporting.figures import Figure
from domain.reporting.kinds import SplitBy
from services.reporting.reports import Report, ReportRow
from web.report_names import name_of
from web.reports.asked import IN_TIME, NAME, Asked
from web.reports.behind import link_behind
from web.reports.values import Change, Reading, change


@dataclass(frozen=True)
class Cell:
    """A value of a row. `behind`: where its conversations are listed, None for none."""

    value: float | None
    shown: str
    change: Change | None
    behind: str | None


@dataclass(frozen=True)
class Line:
    """A row of the table."""

    key: str
    name: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Column:
    """A column's figure, and the address that sorts by it. `sorted`: as `aria-sort` has it."""

    figure: Figure
    sort: str
    sorted: str | None


@dataclass(frozen=True)
class Table:
    """A report as a table."""

    columns: Sequence[Column]
    rows: Sequence[Line]
    total: Line
    sort_by_name: str
    sorted_by_name: str | None


def table(report: Report, asked: Asked, reading: Reading) -> Table:
    """Return a report's table."""
    figures = [FIGURES[one] for one in asked.columns]
    rows = [_line(one, figures, report, asked, reading) for one in _all_rows(report)]
    return Table(
        [Column(one, _sorting(asked, one.id), _sorted(asked, one.id)) for one in figures],
        _in_order(rows, asked),
        _total(figures, report, asked, reading),
        _sorting(asked, NAME),
        _sorted(asked, NAME),
    )


def _all_rows(report: Report) -> Sequence[ReportRow]:
    """Return the rows, and those of times at which nothing happened."""
    known = {one.key: one for one in report.rows}
    keys = dict.fromkeys([*report.lengths, *known])
    return [known.get(key, ReportRow(key, key, {})) for key in keys]


def _line(
    row: ReportRow, figures: Sequence[Figure], report: Report, asked: Asked, reading: Reading
) -> Line:
    seconds, earlier = report.seconds_of(row), report.seconds_before_of(row)
    cells = []
    for one in figures:
        value = reading.of(one, row.sums, seconds)
        before = None if row.before is None else reading.of(one, row.before, earlier)
        behind = link_behind(asked, one, value, row.key)
        words = reading.words(one, row.sums, value)
        changed = change(one, value, before, is_over=report.is_over)
        cells.append(Cell(value, words, changed, behind))
    return Line(row.key, name_of(asked.by, row.key, row.name), cells)


def _total(figures: Sequence[Figure], report: Report, asked: Asked, reading: Reading) -> Line:
    cells = []
    for one in figures:
        value = reading.of(one, report.total.sums, report.seconds)
        earlier = report.total.before
        before = None if earlier is None else reading.of(one, earlier, report.seconds_before)
        behind = link_behind(asked, one, value, None)
        words = reading.words(one, report.total.sums, value)
        changed = change(one, value, before, is_over=report.is_over)
        cells.append(Cell(value, words, changed, behind))
    return Line("", "", cells)


def _in_order(rows: Sequence[Line], asked: Asked) -> Sequence[Line]:
    named = sorted(rows, key=lambda one: _place(asked.by, one))
    if asked.sort == NAME:
        return named[::-1] if asked.goes_down else named
    at = asked.columns.index(asked.sort)
    with_value = [one for one in named if one.cells[at].value is not None]
    without = [one for one in named if one.cells[at].value is None]
    by_value = sorted(with_value, key=lambda one: one.cells[at].value or 0, reverse=asked.goes_down)
    return [*by_value, *without]


def _place(by: SplitBy, line: Line) -> tuple[int, str]:
    """Return the place of a row by itself: times in their order, others by name."""
    if by in (SplitBy.weekday, SplitBy.hour):
        return int(line.key), ""
    return 0, line.key if by in IN_TIME else line.name.casefold()


def _sorting(asked: Asked, column: str) -> str:
    """Return the address that sorts by a column: the other way round if it is sorted by it."""
    down = not asked.goes_down if asked.sort == column else column != NAME
    return asked.link(sort=column, down="yes" if down else "") + "#table"


def _sorted(asked: Asked, column: str) -> str | None:
    if asked.sort != column:
        return None
    return "descending" if asked.goes_down else "ascending"
