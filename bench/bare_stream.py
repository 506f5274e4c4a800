"""The ceiling of live streams: the least that one does, in a process of its own.

`python -m bench.bare_stream DATABASE_URL ACCOUNT` hears of events, reads their ids, and passes the
newest on to whoever is connected, with the time at which it heard. It knows no rights, no rows and
no people.
"""

import asyncio
import sys
import time
from asyncio import StreamReader, StreamWriter
from bisect import bisect_left
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import uvloop

from bench.installation import MeasuredInstallation
from database.engine import opened
from database.listen import Notification, notifications
from database.queries import stream
from database.queries.events import CHANNEL_EVENTS
from embedded.machine import CHECKOUT

NEW = b"SELECT id FROM event WHERE account_id = %(account_id)s AND id > %(after)s ORDER BY id"
BEGIN = b"0 0\n"
Heard = Callable[[int, float], None]
"""Takes the id of an event and when a process heard of it; seconds of `perf_counter`."""


@dataclass
class BarePage:
    """What came over the bare stream, and when; seconds of `perf_counter`."""

    positions: list[int] = field(default_factory=list)
    came_at: list[float] = field(default_factory=list)

    def when_past(self, event_id: int) -> float | None:
        """Return when everything up to an event had come."""
        place = bisect_left(self.positions, event_id)
        return self.came_at[place] if place < len(self.positions) else None

    async def read(self, reader: StreamReader, heard: Heard) -> None:
        """Read until cancelled."""
        while line := await reader.readline():
            last, at = line.split()
            self.positions.append(int(last))
            self.came_at.append(time.perf_counter())
            heard(int(last), float(at))


async def serve(database_url: str, account_id: str) -> None:
    """Pass events on until stopped. Prints the port first."""
    pages: list[StreamWriter] = []

    async def take(_reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(BEGIN)
        pages.append(writer)

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with opened(database_url, pool_size=2, name="switchboard bench bare") as sessions:
        position = await stream.newest(sessions.direct, account_id)
        async for item in notifications(database_url, [CHANNEL_EVENTS], name="switchboard bare"):
            if isinstance(item, Notification) and item.payload != account_id:
                continue
            heard_at = time.perf_counter()
            values = {"account_id": account_id, "after": position}
            rows = await sessions.direct.fetch_all(NEW, values)
            position = rows[-1][0] if rows else position
            for page in pages:
                page.write(b"%d %f\n" % (position, heard_at))


@asynccontextmanager
async def bare_stream(
    installation: MeasuredInstallation, account_id: str, heard: Heard
) -> AsyncIterator[BarePage]:
    """Read a bare stream beside the product's for the duration of a block."""
    url = installation.environment["SWITCHBOARD_DATABASE_URL"]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.bare_stream", url, account_id),
        cwd=CHECKOUT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        port = int(await process.stdout.readline())
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await reader.readexactly(len(BEGIN))
        page = BarePage()
        reading = asyncio.create_task(page.read(reader, heard))
        try:
            yield page
        finally:
            reading.cancel()
            with suppress(asyncio.CancelledError):
                await reading
            writer.close()
    finally:
        process.terminate()
        await process.wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(*sys.argv[1:3]))
