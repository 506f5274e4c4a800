"""A complete Switchboard to measure: its real processes, on free ports, with new files."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import psutil
from sqlalchemy import text as sql
from temporalio.client import Client

from bench.wire import Wire, wired
from database.engine import Sessions, opened
from embedded.data_folder import DataFolder
from embedded.machine import CHECKOUT
from embedded.ports import free_port
from runtime.pauses import spare_what_stays
from security.secrets import Keyring
from temporal.connection import data_converter

START_SECONDS = 120
READY = "Stop with Ctrl-C"
LINE, LINE_NUMBER = "acme-support", "+15550100001"
CONNECTOR = "acme-twilio"
ALONE = ("--api-processes", "1", "--worker-processes", "1")
"""Figures of a process are comparable only where the machine's cores do not choose how many."""
ROOM_FOR_ALL = sql("UPDATE agent SET capacity = 100000")
WELCOMES = sql("""
    UPDATE automatic_message SET enabled = :on WHERE event IN ('welcome', 'first_welcome')
""")


@dataclass(frozen=True)
class MeasuredInstallation:
    """A running Switchboard with its demo brand; agents have unlimited capacity."""

    folder: DataFolder
    environment: Mapping[str, str]
    sessions: Sessions
    temporal: Client
    api: Wire
    http: httpx2.AsyncClient
    _log_ins: dict[str, dict[str, str]] = field(default_factory=dict, init=False, repr=False)

    @property
    def api_url(self) -> str:
        return self.environment["SWITCHBOARD_PUBLIC_BASE_URL"]

    @property
    def simulator_url(self) -> str:
        return self.environment["SWITCHBOARD_SIMULATOR_URL"]

    def process(self, name: str) -> psutil.Process:
        """Return a part's process by its displayed name: `API`, `Worker`, `Temporal`."""
        return psutil.Process(self.process_id(name))

    def process_id(self, name: str) -> int:
        """Return the number of a part's process. A part that was killed is started again."""
        return {one.name: one.pid for one in self.folder.read_ledger()}[name]

    async def log_in(self, who: str) -> dict[str, str]:
        """Return the header that authenticates a person of the demo brand.

        Each person logs in once, because more than ten attempts in a few minutes are refused.
        """
        if who not in self._log_ins:
            self._log_ins[who] = await self._logged_in(who)
        return self._log_ins[who]

    async def _logged_in(self, who: str) -> dict[str, str]:
        log_in = {"email": f"{who}@acme.example", "password": f"{who}-loves-hiking"}
        answer = await self.http.post(f"{self.api_url}/v1/sessions", json=log_in)
        return {"Authorization": f"Bearer {answer.raise_for_status().json()['token']}"}

    async def set_state(self, who: str, state: str) -> None:
        """Set a person's state, such as `online` or `offline`."""
        answer = await self.http.put(
            f"{self.api_url}/v1/agents/acme-{who}/state",
            json={"state": state},
            headers=await self.log_in(who),
        )
        answer.raise_for_status()

    async def set_up(self, path: str, body: Mapping[str, object]) -> None:
        """Put a setting of the demo brand as its admin."""
        answer = await self.http.put(
            f"{self.api_url}/v1/{path}", json=body, headers=await self.log_in("ada")
        )
        answer.raise_for_status()

    async def switch_welcomes(self, *, on: bool) -> None:
        """Switch welcomes on or off. Without them, openings send no text and get no callback."""
        async with self.sessions.begin() as session:
            await session.execute(WELCOMES, {"on": on})

    async def scalar(self, query: str, **values: object) -> int:
        """Return the number that a query selects."""
        async with self.sessions() as session:
            return int(await session.scalar(sql(query), values) or 0)


@asynccontextmanager
async def started() -> AsyncIterator[MeasuredInstallation]:
    """Run a complete Switchboard for the duration of a block, and leave nothing behind."""
    folder = _fresh_folder()
    screen = folder / "screen"
    process = _launch(folder / "data", screen)
    try:
        await asyncio.to_thread(_wait_until_ready, process, screen)
        async with _reached(DataFolder(folder / "data")) as installation:
            yield installation
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)
        shutil.rmtree(folder)


def _fresh_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="switchboard-bench-"))
    folder.chmod(0o711)  # PostgreSQL may run as another user, who must be able to enter
    return folder


def _launch(data: Path, screen: Path) -> "subprocess.Popen[bytes]":
    names = ("api", "simulator", "temporal", "temporal-ui")
    ports = [part for name in names for part in (f"--{name}-port", str(free_port()))]
    with screen.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "cli.main", "up", "--data", str(data), *ports, *ALONE],
            cwd=CHECKOUT,
            env={**os.environ, "SWITCHBOARD_API_REQUESTS_PER_MINUTE": "0"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def _wait_until_ready(process: "subprocess.Popen[bytes]", screen: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while READY not in screen.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"Switchboard did not start:\n{screen.read_text()}")
        time.sleep(0.1)


@asynccontextmanager
async def _reached(folder: DataFolder) -> AsyncIterator[MeasuredInstallation]:
    environment = folder.read_environment()
    keyring = Keyring.parse(environment["SWITCHBOARD_ENCRYPTION_KEYS"])
    async with (
        opened(environment["SWITCHBOARD_DATABASE_URL"], name="switchboard bench") as sessions,
        wired(environment["SWITCHBOARD_PUBLIC_BASE_URL"]) as api,
        httpx2.AsyncClient(timeout=30) as http,
    ):
        async with sessions.begin() as session:
            await session.execute(ROOM_FOR_ALL)
        temporal = await Client.connect(
            environment["TEMPORAL_ADDRESS"],
            data_converter=data_converter(keyring.payload_cipher()),
        )
        spare_what_stays()  # otherwise the bench's own pauses would be measured
        yield MeasuredInstallation(folder, environment, sessions, temporal, api, http)
