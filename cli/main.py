"""The command line: `switchboard COMMAND`, or `python -m cli.main COMMAND`."""

import importlib.metadata
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from cli.commands import OF_SERVERS, Commands

app = typer.Typer(
    name="switchboard",
    cls=Commands,
    help="An SMS conversation engine for contact centres.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

TemporalUiPort = Annotated[
    int,
    typer.Option(
        min=1,
        max=65535,
        envvar="SWITCHBOARD_TEMPORAL_UI_PORT",
        help="Port of Temporal's web pages.",
    ),
]
BY_CORES = "Not set: one for each four cores, up to 4."
ApiProcesses = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=8,
        envvar="SWITCHBOARD_API_PROCESSES",
        help=f"API processes, which share the port. {BY_CORES}",
    ),
]
WorkerProcesses = Annotated[
    int | None,
    typer.Option(
        min=1, max=8, envvar="SWITCHBOARD_WORKER_PROCESSES", help=f"Worker processes. {BY_CORES}"
    ),
]

# Each command imports its code when it runs, after checking the settings. So bad settings are
# reported at once, and `switchboard key` loads neither web pages nor workflows.


@app.command()
def up(
    data: Annotated[Path, typer.Option(help="Folder for all data.")] = Path(".data"),
    api_port: Annotated[
        int, typer.Option(min=1, max=65535, envvar="SWITCHBOARD_API_PORT", help="Port of the API.")
    ] = 8000,
    simulator_port: Annotated[
        int,
        typer.Option(
            min=1, max=65535, envvar="SWITCHBOARD_SIMULATOR_PORT", help="Port of the simulator."
        ),
    ] = 8010,
    temporal_port: Annotated[
        int,
        typer.Option(
            min=1, max=65535, envvar="SWITCHBOARD_TEMPORAL_PORT", help="Port of Temporal."
        ),
    ] = 7233,
    temporal_ui_port: TemporalUiPort = 8233,
    api_processes: ApiProcesses = None,
    worker_processes: WorkerProcesses = None,
) -> None:
    """Run everything on this machine, for a trial or for development."""
    from cli.absence import require_servers

    require_servers()
    typer.echo("Loading")  # the imports below take a while on a busy machine
    from cli.up import up
    from embedded.machine import Ports, Processes, cores, processes_for

    ports = Ports(
        api=api_port,
        simulator=simulator_port,
        temporal=temporal_port,
        temporal_ui=temporal_ui_port,
    )
    usual = processes_for(cores())
    up(data, ports, Processes(api_processes or usual, worker_processes or usual))


@app.command()
def api() -> None:
    """Serve the API, configured by the environment."""
    from runtime.configuration import load_settings
    from runtime.pauses import loading

    settings = load_settings()
    with loading():
        from cli.api import serve

    serve(settings)


@app.command()
def worker() -> None:
    """Run conversations and the router, configured by the environment."""
    from runtime.configuration import load_settings
    from runtime.pauses import loading

    settings = load_settings()
    with loading():
        from worker import main

    main(settings)


@app.command()
def doctor(
    data: Annotated[Path, typer.Option(help="Folder of `switchboard up`.")] = Path(".data"),
    heal: Annotated[
        bool,
        typer.Option(
            "--heal",
            help="Make every conversation compare its workflow with the database, after either "
            "was restored to an earlier time.",
        ),
    ] = False,
) -> None:
    """Check the installation and count inconsistencies.

    Exits with 1 if anything is wrong, with 2 if that cannot be told. Workers repair
    inconsistencies within some minutes.
    """
    from cli.doctor import doctor

    doctor(data, heal=heal)


@app.command()
def end(
    conversation: Annotated[UUID, typer.Argument(help="The conversation's id.")],
    data: Annotated[Path, typer.Option(help="Folder of `switchboard up`.")] = Path(".data"),
    now: Annotated[
        bool,
        typer.Option(
            "--now",
            help="End it without its workflow, which does not answer. Texts that the workflow has "
            "not taken will be missing from the conversation, and unsent texts fail.",
        ),
    ] = False,
) -> None:
    """End a conversation as an operator, without a survey."""
    from cli.end import end

    end(conversation, data, now=now)


@app.command()
def key() -> None:
    """Print a new key for SWITCHBOARD_ENCRYPTION_KEYS."""
    from embedded.keys import new_encryption_key

    typer.echo(new_encryption_key())


@app.command()
def health(
    process: Annotated[str, typer.Argument(help="`api` or `worker`.")] = "api",
) -> None:
    """Ask the process on this machine whether it lives; exit with 1 if not, 2 if it is unknown."""
    from runtime.health import main

    raise typer.Exit(main([process]))


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(importlib.metadata.version("switchboard"))


def run() -> None:
    """Run the command line. A command's process ends as soon as it has said everything.

    Threads of Temporal's client may still run when the interpreter takes itself apart, and would
    then end the process by a signal instead of the exit code by which scripts go.
    """
    try:
        app()
    except SystemExit as ended:
        if not {*sys.argv[1:2]} <= OF_SERVERS or not isinstance(ended.code, int):
            raise
        with suppress(BrokenPipeError):  # nobody reads any more
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(ended.code)


if __name__ == "__main__":
    run()
