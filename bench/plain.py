"""The yardstick of the door: a FastAPI application that inserts what is posted, and its process.

`python -m bench.plain DATABASE_URL PORT` runs until it is stopped.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI, Request, Response
from sqlalchemy import text as sql

from bench.installation import MeasuredInstallation
from bench.loops import Job, until
from bench.wire import Wire, wired
from cli.bounded_http import bounded_http
from database.engine import Sessions, opened
from embedded.machine import CHECKOUT
from embedded.ports import free_port

START_SECONDS = 30.0
TABLE = sql("""
    CREATE TABLE IF NOT EXISTS bench_text (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body bytea, at timestamptz
    )
""")
INSERT = b"INSERT INTO bench_text (body, at) VALUES (%(body)s, clock_timestamp()) RETURNING id"


async def insert(sessions: Sessions, body: bytes) -> None:
    """Store a body in a transaction of its own."""
    await sessions.direct.fetch_one(INSERT, {"body": body})


async def serve(database_url: str, port: int) -> None:
    """Serve until stopped, with the product's own HTTP server."""
    app = FastAPI()
    async with opened(database_url, name="switchboard bench") as sessions:

        @app.post("/")
        async def take(request: Request) -> Response:
            await insert(sessions, await request.body())
            return Response("")

        config = uvicorn.Config(
            app, port=port, http=bounded_http(), ws="none", log_level="warning", access_log=False
        )
        await uvicorn.Server(config).serve()


@asynccontextmanager
async def plain_door(installation: MeasuredInstallation) -> AsyncIterator[Wire]:
    """Run the plain application beside the installation for the duration of a block."""
    port, url = free_port(), installation.environment["SWITCHBOARD_DATABASE_URL"]
    async with installation.sessions.begin() as session:
        await session.execute(TABLE)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.plain", url, str(port), cwd=CHECKOUT
    )
    try:
        async with wired(f"http://127.0.0.1:{port}") as wire:
            await until(lambda: _is_up(wire), seconds=START_SECONDS)
            yield wire
    finally:
        process.terminate()
        await process.wait()


def bare(wire: Wire, body: bytes) -> Job:
    """Return the posting of a body."""
    return lambda: wire.post("/", body, {})


async def _is_up(wire: Wire) -> bool:
    try:
        await wire.post("/", b"", {})
    except OSError:
        return False
    return True


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2])))
