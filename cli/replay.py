"""`switchboard replay`: tries this code on the histories of real conversations, before a deploy."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from temporalio.client import Client, WorkflowExecution
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner
from temporalio.workflow import NondeterminismError

from cli.absence import sentence_for
from cli.configuration import DATABASE, KEYS, borrow_environment
from domain.errors import Unavailable
from runtime.configuration import load_keyring
from security.secrets import Keyring
from temporal.clock import NOBODYS_QUEUE
from temporal.connection import configured_namespace, connect_now
from workers.temporal_workers import WORKFLOWS
from workflows.endpoints.workflow import EndpointWorkflow

RUNNING = 'ExecutionStatus = "Running"'
OURS = (*WORKFLOWS, EndpointWorkflow)
TOLD_EVERY = 100


def replay(
    query: Annotated[
        str, typer.Option(help="Which workflows, as Temporal's list filter.")
    ] = RUNNING,
    limit: Annotated[int, typer.Option(min=1, help="The newest so many.")] = 1000,
    data: Annotated[Path, typer.Option(help="Folder of `switchboard up`.")] = Path(".data"),
) -> None:
    """Replay histories of workflows on this code, and change nothing.

    Exits with 1 and the ids of those that this code could not go on with, and with 2 where Temporal
    is away, refuses the query, or has nothing to replay: that proves nothing.
    """
    borrow_environment(data, unless=(*DATABASE, *KEYS))
    keyring = load_keyring()
    try:
        failed, count = asyncio.run(_replayed(keyring, query, limit))
    except (Unavailable, RPCError) as error:
        said = _reason(error) or sentence_for(error, "Temporal")
        typer.echo(said, err=True)
        raise typer.Exit(2) from None
    if not count:
        where = f"Temporal's namespace {configured_namespace()}"
        typer.echo(f"Nothing was replayed: {where} has no workflow of this query.", err=True)
        raise typer.Exit(2)
    typer.echo(f"{count - failed} of {count} replay.")
    if failed:
        raise typer.Exit(1)


async def _replayed(keyring: Keyring, query: str, limit: int) -> tuple[int, int]:
    client = await connect_now(keyring.payload_cipher())
    replayer = Replayer(
        workflows=OURS,
        data_converter=client.data_converter,
        workflow_runner=UnsandboxedWorkflowRunner(),  # as workers run them
    )
    failed = count = 0
    async for found in client.list_workflows(query):
        if count == limit:
            break
        if found.task_queue == NOBODYS_QUEUE:  # `switchboard doctor` asks for the time just now
            continue
        why = await _failure(client, replayer, found)
        count += 1
        if why:
            failed += 1
            typer.echo(f"{found.workflow_type} {found.id} (run {found.run_id}): {why}")
        elif count % TOLD_EVERY == 0:
            typer.echo(f"{count} replayed.")
    return failed, count


async def _failure(client: Client, replayer: Replayer, found: WorkflowExecution) -> str | None:
    """Return why a history does not replay. Its words may quote people, so only its kind."""
    if found.workflow_type not in {_name(one) for one in OURS}:
        return "this code has no such workflow"
    handle = client.get_workflow_handle(found.id, run_id=found.run_id)
    try:
        history = await handle.fetch_history()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:  # it was deleted meanwhile
            return None
        raise
    done = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    failure = done.replay_failure
    if failure is None:
        return None
    is_other = isinstance(failure, NondeterminismError)
    return "this code decides otherwise" if is_other else type(failure).__name__


def _name(workflow: type) -> str:
    return str(getattr(workflow, "__temporal_workflow_definition").name)


def _reason(error: BaseException) -> str | None:
    """Return what Temporal says against the query."""
    refused = isinstance(error, RPCError) and error.status is RPCStatusCode.INVALID_ARGUMENT
    return f"Temporal refuses the query: {error}" if refused else None
