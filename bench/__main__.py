"""`python -m bench [PART]`: measures, prints a table, and stores the results."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bench import installation, progress, results
from bench.figures import COLUMNS, Figure
from bench.parts import PARTS
from bench.sizes import Sizes

ALL = "all"
FOLDER = Path(__file__).parent
COLOURS = {True: "green", False: "red", None: None}


def main(
    part: Annotated[str, typer.Argument(help=f"{', '.join(PARTS)}, or {ALL}.")] = ALL,
    size: Annotated[
        float, typer.Option(min=0.001, max=10, help="A fraction of the full size, such as 0.1.")
    ] = 1,
    keep: Annotated[bool, typer.Option(help="Write the results into bench/.")] = True,
) -> None:
    """Measure a complete Switchboard on this machine: one part of the bench, or all."""
    if part != ALL and part not in PARTS:
        raise typer.BadParameter(f"There is no part {part}: {', '.join(PARTS)} or {ALL}.")
    console = Console()
    for name in PARTS if part == ALL else [part]:
        measured = results.circumstances(size)
        console.rule(name)
        figures = asyncio.run(_measured(name, Sizes().scaled(size), console))
        console.print(_table(figures))
        if keep:
            results.keep(FOLDER, name, measured.model_copy(update={"figures": figures}))


async def _measured(name: str, sizes: Sizes, console: Console) -> list[Figure]:
    """Measure a part on its own installation, so that no part affects the next."""
    with progress.shown(console) as steps:
        async with installation.started() as running:
            return await PARTS[name](running, sizes, steps)


def _table(figures: list[Figure]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for number, column in enumerate(COLUMNS):
        table.add_column(column, justify="left" if number == 0 else "right")
    for figure in figures:
        table.add_row(*figure.cells(), style=COLOURS[figure.is_met])
    return table


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app()
