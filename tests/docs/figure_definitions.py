"""The figures in docs/reports.md: `python -m tests.docs.figure_definitions` writes them."""

from collections.abc import Iterator

from domain.reporting.catalogue import BETTER, figures_of
from domain.reporting.figures import Figure, Group, Unit, Wanted
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "reports.md"
BEGINS = "## Figures\n"
TITLES = {
    Group.volume: "Volume",
    Group.speed: "Speed",
    Group.satisfaction: "Satisfaction",
    Group.texts: "Texts",
    Group.people: "People",
}
UNITS = {
    Unit.number: "number",
    Unit.percent: "percent",
    Unit.time: "time",
    Unit.ratio: "ratio",
    Unit.score: "-100 to 100",
    Unit.hours: "hours",
    Unit.money: "money, by currency",
}
BETTERS = {Wanted.more: "more", Wanted.less: "less", None: ""}


def figures() -> str:
    """Return the part of the page with all figures, made of the code's own catalogue."""
    return f"{BEGINS}\n" + "\n".join(_group(group) for group in Group)


def _group(group: Group) -> str:
    head = "| figure | `id` | is | better | says |\n| --- | --- | --- | --- | --- |\n"
    return f"### {TITLES[group]}\n\n{head}{''.join(map(_row, figures_of(group)))}"


def _row(one: Figure) -> str:
    better = BETTERS[BETTER.get(one.id)]
    hours = ", in working hours too" if one.has_hours and one.unit is Unit.time else ""
    cells = (one.name, f"`{one.id}`", f"{UNITS[one.unit]}{hours}", better, one.says)
    return "".join(_cells(cells))


def _cells(cells: tuple[str, ...]) -> Iterator[str]:
    yield from (f"| {cell} " if cell else "| " for cell in cells)
    yield "|\n"


def written() -> str:
    """Return that part as the page has it: it is the last one."""
    page = PAGE.read_text()
    return page[page.index(BEGINS) :]


if __name__ == "__main__":
    PAGE.write_text(PAGE.read_text().replace(written(), figures()))
