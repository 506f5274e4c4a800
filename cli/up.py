"""`switchboard up`: runs everything on this machine; `make run` uses it."""

import asyncio
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.demo import ACCOUNT_SID, AUTH_TOKEN, FREE_NUMBERS, SIMULATED, Demo, seed
from cli.set_up_link import new_link
from database.migrate import upgrade
from database.schema import SchemaUnfit
from embedded import postgres
from embedded.data_folder import DataFolder, opened
from embedded.errors import EmbeddedError
from embedded.machine import CHECKOUT, Machine, Ports, Processes
from embedded.supervisor import StopRequested, Supervisor, supervised

# Variables of other installations that would redirect Temporal's and PostgreSQL's clients.
FOREIGN = ("TEMPORAL_", "PG")
# So would files with another installation's secrets.
FOREIGN_FILES = ("SWITCHBOARD_", "_FILE")


def up(data: Path, ports: Ports, processes: Processes) -> None:
    """Start everything, print its addresses, run until Ctrl-C; exit with 1 when a part fails."""
    console = Console(highlight=False, soft_wrap=True)
    _forget_foreign_variables()
    try:
        # Relative paths are relative to the checkout, wherever the command runs.
        with opened(CHECKOUT / data) as folder:
            _run(folder, ports, processes, console)
    except (EmbeddedError, SchemaUnfit) as error:
        console.print("✗", escape(str(error)), style="red")
        raise typer.Exit(1) from None


def _forget_foreign_variables() -> None:
    begin, end = FOREIGN_FILES
    for name in list(os.environ):
        if name.startswith(FOREIGN) or (name.startswith(begin) and name.endswith(end)):
            del os.environ[name]


def _run(folder: DataFolder, ports: Ports, processes: Processes, console: Console) -> None:
    def report(sentence: str) -> None:
        console.print(f"[green]✓[/green] {escape(sentence)}")

    def tell_wait(sentence: str) -> None:
        console.print(f"  {escape(sentence)}")

    with supervised(folder, report, tell_wait=tell_wait) as supervisor:
        try:
            began = time.monotonic()
            ports.require_free()
            folder.set_large_logs_aside()
            machine = Machine(folder, ports, postgres.prepare(folder.path), processes)
            with console.status("Starting"):
                demo = _start(machine, supervisor, console)
            report(f"Ready after {time.monotonic() - began:.1f} s")
            _tell(machine, demo, console)
            link = asyncio.run(new_link(machine.cluster.url(), machine.api_url))
            _tell_start(machine, link, console)
            supervisor.watch()
        except StopRequested:
            pass
        console.print("Stopping")
    console.print("Everything has stopped")


def _start(machine: Machine, supervisor: Supervisor, console: Console) -> Demo:
    folder, cluster = machine.folder, machine.cluster
    if cluster.directory.note:
        console.print(f"  {escape(cluster.directory.note)}")
    supervisor.start(machine.servers())
    postgres.create_database(cluster, postgres.DATABASE)
    upgrade(cluster.url())
    demo = asyncio.run(
        seed(cluster.url(), machine.encryption_keys, simulator_url=machine.simulator_url)
    )
    folder.write_environment(machine.environment)
    supervisor.start(machine.application(carrier(machine, demo)))
    return demo


def _tell_start(machine: Machine, link: str, console: Console) -> None:
    """Tell where a brand of one's own begins, and which account it can connect to."""
    console.print(f"\nSet up your own brand: {link}")
    console.print(SIMULATED.format(url=machine.simulator_url))
    console.print("\nStop with Ctrl-C")


def carrier(machine: Machine, demo: Demo) -> Mapping[str, str]:
    """Return the settings that make the simulator the demo brand's carrier."""
    webhooks = {
        line.number: f"{machine.api_url}/webhooks/{line.provider}/{line.id}/inbound"
        for line in demo.lines
    }
    calls = {
        line.number: f"{machine.api_url}/webhooks/{line.provider}/{line.id}/voice"
        for line in demo.called
    }
    return {
        "SWITCHBOARD_SIMULATOR_CALLS": json.dumps(calls),
        "SWITCHBOARD_SIMULATOR_ACCOUNT_SID": ACCOUNT_SID,
        "SWITCHBOARD_SIMULATOR_AUTH_TOKEN": AUTH_TOKEN,
        "SWITCHBOARD_SIMULATOR_LINES": json.dumps(webhooks),
        "SWITCHBOARD_SIMULATOR_NUMBERS": json.dumps(FREE_NUMBERS),
    }


def _tell(machine: Machine, demo: Demo, console: Console) -> None:
    addresses = Table.grid(padding=(0, 2))
    addresses.add_row("Workspace", f"{machine.api_url}/")
    addresses.add_row("Phone", f"{machine.simulator_url}/")
    addresses.add_row("API", f"{machine.api_url}/docs")
    addresses.add_row("Temporal", machine.temporal_ui_url)
    for name, port in machine.metrics_ports.items():
        addresses.add_row("Metrics", f"http://127.0.0.1:{port}/metrics ({name})")
    addresses.add_row("PostgreSQL", "see the environment file")
    addresses.add_row("Environment", str(machine.folder.environment))
    addresses.add_row("Logs", str(machine.folder.logs))
    for line in demo.lines:
        addresses.add_row("Text to", f"{line.number} ({line.id})")
    people = Table("Log in as", "password", "role", "skills", box=None, padding=(0, 2, 0, 0))
    for log_in in demo.log_ins:
        people.add_row(log_in.email, log_in.password, log_in.role, ", ".join(log_in.skills))
    for table in (addresses, people):
        console.print()
        console.print(table)
