"""What libraries would say between the lines of a command."""

import asyncio
import subprocess
import sys

from tests.fixtures.proxy import proxy_to

LOSES_TEMPORAL = """
import asyncio, sys
import typer
from temporalio.client import Client
from temporalio.service import RPCError
from cli.commands import Commands

async def ask(address):
    client = await Client.connect(address)
    print("connected", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    try:
        await client.count_workflows("")
    except RPCError:
        print("away")

app = typer.Typer(cls=Commands)
app.callback()(lambda: None)
app.command("doctor")(lambda address: asyncio.run(ask(address)))
app()
"""


async def test_a_command_that_loses_temporal_says_only_what_it_says_itself(
    temporal_address: str,
) -> None:
    async with proxy_to(f"http://x@{temporal_address}") as way:
        host, port = way.address
        command = [sys.executable, "-c", LOSES_TEMPORAL, "doctor", f"{host}:{port}"]
        asked = await asyncio.create_subprocess_exec(
            *command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert asked.stdout is not None
        assert await asked.stdout.readline() == b"connected\n"
        way.host, way.port = "127.0.0.1", 1
        way.reset()
        said, complained = await asked.communicate(b"go on\n")
    assert (said, complained) == (b"away\n", b"")
