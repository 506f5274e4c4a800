"""`switchboard reconcile`: compares rows with workflows, and makes them agree."""

import asyncio
import time
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from cli.session import Tools, run_command
from routing.reconciling import Apart, Differences, Reconciling

PATIENCE_SECONDS = 30.0
"""Given to workers to make rows and workflows agree. Ours."""


def reconcile(
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="Start missing workflows, and have those that differ compare themselves with "
            "the database: they adopt what it knows, or write anew what it lost. Hand lost texts "
            "over again.",
        ),
    ] = False,
    data: Annotated[Path, typer.Option(help="Folder of `switchboard up`.")] = Path(".data"),
) -> None:
    """Compare open conversations with their workflows, both ways and step by step.

    Texts that are lost or that nobody sends are found, too. Exits with 1 if they differ. It may be
    stopped and repeated.
    """
    left = run_command(data, "reconcile", partial(_reconciled, repair=repair))
    if left:
        raise typer.Exit(1)
    typer.echo("Rows and workflows agree.")


async def _reconciled(tools: Tools, *, repair: bool) -> Differences:
    reconciling = Reconciling(tools.sessions, tools.conversations)
    found = await reconciling.compare()
    _tell(found)
    if not (found and repair):
        return found
    await reconciling.repair(found)
    typer.echo("Workflows compare themselves with the database. Lost texts go there again.")
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        left = await reconciling.compare()
        if not left or time.monotonic() > until:
            break
        await asyncio.sleep(1)
    if left:
        typer.echo("These still differ:")
        _tell(left)
    return left


def _tell(found: Differences) -> None:
    for row in found.unmatched.rows:
        typer.echo(f"{row.conversation_id} is open, and its workflow does not run.")
    for workflow in found.unmatched.workflows:
        typer.echo(f"{workflow} runs, and no conversation of it is open.")
    for one in found.apart:
        typer.echo(_sentence(one))
    for text in found.lost:
        typer.echo(f"{text.id} was handed over, and is in no transcript.")
    for waiting in found.left_alone:
        where = waiting.conversation_id or waiting.message_id
        typer.echo(f"{where} has a text of ours that no worker handles.")


def _sentence(one: Apart) -> str:
    name = f"{one.thread.conversation_id} ({one.thread.workflow_id})"
    if one.is_silent:
        return f"{name}: its workflow does not answer. See `switchboard stuck`."
    if one.known is None or one.known.conversation_id != str(one.thread.conversation_id):
        return f"{name}: its workflow does not know it."
    return f"{name}: at step {one.thread.sequence}, and its workflow at {one.known.sequence}."
