"""`switchboard stuck`: what stands still, why, and the command that frees it."""

from pathlib import Path
from typing import Annotated

import typer

from cli.session import Tools, run_command
from routing.standstill import Standstill, standing_still


def stuck(
    data: Annotated[Path, typer.Option(help="Folder of `switchboard up`.")] = Path(".data"),
) -> None:
    """List what stands still: conversations and texts, each with the command that frees it.

    Exits with 1 if there is any.
    """
    found = run_command(data, "stuck", _found)
    for one in found:
        since = f", since {one.since:%Y-%m-%d %H:%M:%S} UTC" if one.since else ""
        typer.echo(f"{one.what} {one.name}{since}\n  {one.why}\n  → {one.frees}")
    if found:
        raise typer.Exit(1)
    typer.echo("Nothing stands still.")


async def _found(tools: Tools) -> list[Standstill]:
    return list(await standing_still(tools.sessions, tools.conversations))
