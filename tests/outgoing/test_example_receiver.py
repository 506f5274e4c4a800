"""The receiver in the examples takes what an endpoint posts."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from database.engine import Sessions
from outgoing.signed_posts import SignedPosts
from tests.docs.pages import ROOT
from tests.fixtures.brand import Brand
from tests.fixtures.centre import eventually
from tests.fixtures.ports import own_port
from tests.fixtures.receiver import Receiver
from tests.outgoing.posting import LOOPBACK, Posting


@asynccontextmanager
async def example(secret: str, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the example."""
    program = [str(ROOT / "examples" / "receiver.py"), secret, str(port)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *program, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        await process.communicate()


async def test_the_example_prints_each_event_once(brand: Brand, session_factory: Sessions) -> None:
    port = own_port()
    async with SignedPosts([LOOPBACK]) as posts:
        there = Receiver(url=f"http://127.0.0.1:{port}")
        posting = Posting(brand, session_factory, posts, there)
        secret = await posting.create()
        [event] = await posting.events(None)
        async with example(secret, port) as process:

            async def was_taken() -> bool:
                await posting.run()  # until it listens
                await posting.later(timedelta(days=1))
                return "taken" in await posting.outcomes()

            await eventually(was_taken)
            assert process.stdout
            line = (await process.stdout.readline()).decode()
            assert line.startswith(f"message_added {{'event_id': {event}")
