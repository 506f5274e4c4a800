"""The yardstick's workflow, which takes texts and does nothing, and its worker.

`python -m bench.trivial ADDRESS` runs until it is stopped, and prints how many texts it handled.
"""

import asyncio
import sys

from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import Worker

with workflow.unsafe.imports_passed_through():
    from bench import tally

QUEUE = "bench-trivial"
TELL_SECONDS = 0.05


@workflow.defn
class Trivial:
    """Stays open, as a conversation does."""

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: False)

    @workflow.signal
    def take(self, _text: str) -> None:
        if not workflow.unsafe.is_replaying():
            tally.handled.append(None)


async def work(address: str) -> None:
    """Run the worker, and print each change of the count to standard output."""
    client = await Client.connect(address)
    told = -1
    async with Worker(client, task_queue=QUEUE, workflows=[Trivial], max_cached_workflows=5000):
        while True:
            if told != len(tally.handled):
                told = len(tally.handled)
                print(told, flush=True)
            await asyncio.sleep(TELL_SECONDS)


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
