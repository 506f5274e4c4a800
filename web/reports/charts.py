"""The chart of a report, as shapes of an SVG: bars beside each other for times, else rows of bars.

Widths are shares of the whole, and heights are pixels: so it fits any screen and letters stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from domain.reporting.catalogue import FIGURES
from domain.reporting.figures import Figure, Unit
from domain.reporting.kinds import SplitBy
from web.directions import isolated
from web.reports.asked import IN_TIME, Asked
from web.reports.tables import Line, Table
from web.reports.values import shown
from web.words import Words, _, n, said

HEIGHT, TOP, BOTTOM = 200, 16, 28
ROW, BAR, LEAST = 44, 14, 7
MOST_ROWS, MOST_MARKS, LONGEST = 20, 6, 26
MINUTE = 60
STEPS = (1, 2, 5, 10)
OF_TIME = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200)
DAY = 86_400
KINDS = Words(
    {
        SplitBy.total: "{figure}, everything together",
        SplitBy.skill: "{figure} by skill",
        SplitBy.agent: "{figure} by agent",
        SplitBy.team: "{figure} by team",
        SplitBy.line: "{figure} by line",
        SplitBy.source: "{figure} by source",
        SplitBy.label: "{figure} by label",
        SplitBy.day: "{figure} by day",
        SplitBy.month: "{figure} by month",
        SplitBy.weekday: "{figure} by day of the week",
        SplitBy.hour: "{figure} by hour of the day",
    }
)


@dataclass(frozen=True)
class Bar:
    """A bar of the chart; `top` and `height` in pixels, `left` and `width` in percent."""

    left: float
    top: float
    width: float
    height: float
    label: str
    shown: str
    is_negative: bool = False


@dataclass(frozen=True)
class Mark:
    """A value on the axis, or a time below it, at its place."""

    at: float
    words: str


@dataclass(frozen=True)
class Chart:
    """A chart. `says`: all of it in one sentence. `more`: rows that it leaves out."""

    title: str
    says: str
    height: int
    bars: Sequence[Bar]
    is_in_time: bool
    marks: Sequence[Mark] = ()
    below: Sequence[Mark] = ()
    more: int = 0


def chart(table: Table, asked: Asked) -> Chart | None:
    """Return the chart of the figure that is chosen; None where no row has a value."""
    figure = FIGURES[asked.chart]
    at = asked.columns.index(figure.id)
    values = [(one, one.cells[at].value) for one in table.rows]
    known = [(one, value) for one, value in values if value is not None]
    if not known:
        return None
    title = _title(figure, asked)
    if asked.by in IN_TIME:
        in_order = sorted(values, key=lambda one: _moment(asked.by, one[0]))
        return _upright(figure, title, in_order)
    return _lying(figure, title, sorted(known, key=lambda one: -one[1]))


def _title(figure: Figure, asked: Asked) -> str:
    return KINDS[asked.by].replace("{figure}", said(figure.name))


def _moment(by: SplitBy, line: Line) -> tuple[int, str]:
    return (int(line.key), "") if by in (SplitBy.weekday, SplitBy.hour) else (0, line.key)


def _upright(figure: Figure, title: str, values: Sequence[tuple[Line, float | None]]) -> Chart:
    known = [value for _line, value in values if value is not None]
    most = max(map(abs, known))
    step = _step(figure, most)
    top = step * ceil(max(most, step) / step)
    room = HEIGHT - TOP - BOTTOM
    wide = 100 / max(len(values), LEAST)
    bars = [
        Bar(
            round(wide * index + wide * 0.15, 3),
            round(HEIGHT - BOTTOM - room * abs(value) / top, 1),
            round(wide * 0.7, 3),
            round(room * abs(value) / top, 1),
            line.name,
            shown(figure, value),
            is_negative=value < 0,
        )
        for index, (line, value) in enumerate(values)
        if value is not None
    ]
    marks = [
        Mark(round(HEIGHT - BOTTOM - room * mark * step / top, 1), shown(figure, mark * step))
        for mark in range(round(top / step) + 1)
    ]
    return Chart(
        title, _says(figure, title, values), HEIGHT, bars, True, marks, _below(values, wide)
    )


def _below(values: Sequence[tuple[Line, float | None]], wide: float) -> Sequence[Mark]:
    """Return what stands below the bars: as many of their names as there is room for."""
    every = ceil(len(values) / MOST_MARKS)
    return [
        Mark(round(wide * (index + 0.5), 3), _short(line))
        for index, (line, _value) in enumerate(values)
        if index % every == 0
    ]


def _short(line: Line) -> str:
    """Return a time as there is room for it: a day without its year."""
    words = line.name.split()
    return " ".join(words[:-1]) if len(words) > 2 else line.name


def _lying(figure: Figure, title: str, values: Sequence[tuple[Line, float]]) -> Chart:
    drawn = values[:MOST_ROWS]
    top = max((abs(value) for _line, value in drawn), default=0) or 1
    bars = [
        Bar(
            0,
            ROW * index + ROW - BAR - 6,
            round(100 * abs(value) / top, 2),
            BAR,
            isolated(_cut(line.name)),
            shown(figure, value),
            is_negative=value < 0,
        )
        for index, (line, value) in enumerate(drawn)
    ]
    more = len(values) - len(drawn)
    says = _says(figure, title, values)
    return Chart(title, says, ROW * len(bars), bars, False, more=more)


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _says(figure: Figure, title: str, values: Sequence[tuple[Line, float | None]]) -> str:
    """Return the chart in a sentence; the table has every number."""
    known = [(line.name, value) for line, value in values if value is not None]
    most, least = max(known, key=lambda one: one[1]), min(known, key=lambda one: one[1])
    rows = n("{n} row", "{n} rows", len(known))
    if len(known) == 1 or most[1] == least[1]:
        return _(
            "{title}: {value} in {rows}.", title=title, value=shown(figure, most[1]), rows=rows
        )
    return _(
        "{title}: {rows}, from {least} ({lowest}) to {most} ({highest}).",
        title=title,
        rows=rows,
        least=shown(figure, least[1]),
        lowest=isolated(least[0]),
        most=shown(figure, most[1]),
        highest=isolated(most[0]),
    )


def _step(figure: Figure, most: float) -> float:
    """Return how far the marks of the axis are apart: a round number, of which a few fit."""
    wanted = most / 3
    if figure.unit is Unit.time:
        return next((one for one in OF_TIME if one >= wanted), DAY * max(ceil(wanted / DAY), 1))
    least = 1 if figure.unit is Unit.number else 0.1
    if wanted <= least:
        return least
    size = float(10 ** floor(log10(wanted)))
    return next(size * one for one in STEPS if size * one >= wanted)
