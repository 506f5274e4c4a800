"""The yardstick: how fast this machine's Temporal runs signal-with-start of a trivial workflow."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

import psutil
from temporalio.client import Client

from bench.installation import MeasuredInstallation
from bench.loops import Job
from bench.texting import WORDS
from bench.trivial import QUEUE, Trivial
from embedded.machine import CHECKOUT


@dataclass
class Yardstick:
    """The process of the trivial worker, and a plain client."""

    client: Client
    process: asyncio.subprocess.Process
    handled: int = -1

    def texts(self, consumers: int, each: int) -> list[Job]:
        """Return the signals of a round: the first of each consumer, then each second one, ..."""
        ids = [f"bench/{uuid4().hex}" for _ in range(consumers)]
        return [self._text(id_) for _ in range(each) for id_ in ids]

    def _text(self, id_: str) -> Job:
        return lambda: self.client.start_workflow(
            Trivial.run, id=id_, task_queue=QUEUE, start_signal="take", start_signal_args=[WORDS]
        )

    def cpu_seconds(self) -> float:
        used = psutil.Process(self.process.pid).cpu_times()
        return float(used.user + used.system)

    async def listen(self) -> None:
        """Read the worker's counts until it ends."""
        if self.process.stdout is None:
            raise AssertionError("the process was started with a pipe")
        async for line in self.process.stdout:
            self.handled = int(line)


@asynccontextmanager
async def yardstick(installation: MeasuredInstallation) -> AsyncIterator[Yardstick]:
    """Run a trivial worker beside the installation for the duration of a block."""
    address = installation.environment["TEMPORAL_ADDRESS"]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.trivial", address),
        stdout=asyncio.subprocess.PIPE,
        cwd=CHECKOUT,
    )
    stick = Yardstick(await Client.connect(address), process)
    listening = asyncio.create_task(stick.listen())
    try:
        yield stick
    finally:
        process.terminate()
        await process.wait()
        await listening
