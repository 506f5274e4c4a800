"""The yardstick: a workflow that takes texts and does nothing, and a worker of its own for it.

`python -m bench.trivial ADDRESS` works until it is stopped and prints how many were handled.
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
    """Run the worker and tell each change of the count on standard output."""
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
