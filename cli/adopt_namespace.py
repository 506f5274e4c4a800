"""`switchboard adopt-namespace`: lets the database belong to another namespace of Temporal."""

from pathlib import Path
from typing import Annotated

import typer
from temporalio.service import RPCError

from cli.session import Tools, run_command
from database.queries.operating.processes import SILENT_AFTER
from database.queries.ties import ForeignNamespace, count_running
from domain.errors import Unavailable
from temporal.ownership import adopt

Data = Annotated[Path, typer.Option(help="Folder of `switchboard up`.")]


def adopt_namespace(
    namespace: Annotated[str, typer.Argument(help="Its name, as in TEMPORAL_NAMESPACE.")],
    data: Data = Path(".data"),
) -> None:
    """Let the database belong to another namespace of Temporal from now on.

    Stop all processes of this database before. Refuses a namespace of another installation.
    """

    async def adopted(tools: Tools) -> str:
        return await _adopted(tools, namespace)

    typer.echo(run_command(data, "adopt-namespace", adopted, anywhere=True))


async def _adopted(tools: Tools, namespace: str) -> str:
    client, direct = tools.conversations.client, tools.sessions.direct
    if client.namespace != namespace:
        raise ForeignNamespace(
            f"TEMPORAL_NAMESPACE names {client.namespace}, not {namespace}: set it first."
        )
    running = await count_running(direct, SILENT_AFTER)
    if running:
        raise ForeignNamespace(
            f"{running} processes of this database were heard in the last 35 seconds: stop all of "
            "them first. Nothing was changed."
        )
    try:
        is_new = await adopt(direct, client)
    except (RPCError, RuntimeError) as error:
        raise Unavailable from error
    return f"The database {'belongs' if is_new else 'belonged already'} to {namespace}" + (
        " now: start its processes, then run `switchboard doctor --heal`." if is_new else "."
    )
