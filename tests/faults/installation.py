"""Everything but the worker: the demo brand's API and carrier here, servers and workers beside.

Workers come and go by the tests' hands, each a process of its own.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

import httpx2
from pydantic import SecretStr
from sqlalchemy import update
from temporalio.client import Client
from temporalio.service import RPCError

from application import server as http_server
from cli.demo import ACCOUNT, ACCOUNT_SID, AUTH_TOKEN, seed
from database.engine import Sessions, opened
from database.queries import timers
from database.tables import Account
from domain.automatic.kinds import Automatic, Timer
from domain.automatic.message_timers import TimerSetting
from embedded.guard import Guard
from embedded.ports import LOOPBACK
from embedded.processes import Child, start
from embedded.progress import wait_until
from embedded.temporal import TemporalServer
from security.secrets import Keyring
from settings import DatabaseSettings, Environment, SecuritySettings, Settings, WebSettings
from simulator.app import create_simulator
from simulator.settings import SimulatorSettings
from temporal.connection import connect
from temporal.conversations import ConversationClient
from tests.browser.centre import serving
from tests.faults.patience import TASK_TIMEOUT, eventually
from tests.faults.points import Fault
from tests.faults.workers import WorkerProcess, prepare
from tests.fixtures.brand import ENCRYPTION_KEYS
from tests.fixtures.ports import own_port
from workflows.search_attributes import register

SUPPORT_LINE = "+15550100001"
REMINDED_AFTER = 4
"""Seconds an agent in billing may let somebody wait."""
CONNECTIONS = 40
"""To the database, for everybody at once."""
AT_ONCE = 5000
"""Conversations that an agent may hold: every case leaves some thirty open."""


@dataclass
class Installation:
    """A Switchboard whose workers are made to fail."""

    folder: Path
    settings: Settings
    sessions: Sessions
    client: Client
    temporal: TemporalServer
    server: Child
    guard: Guard
    http: httpx2.AsyncClient
    phones_url: str
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    tokens: dict[str, str] = field(default_factory=dict)
    at_work: WorkerProcess | None = None
    """A worker without a fault, left by one test to the next."""
    _started: list[WorkerProcess] = field(default_factory=list)

    def worker(self, fault: Fault | None = None) -> WorkerProcess:
        """Prepare a worker."""
        environment = {
            "SWITCHBOARD_ENVIRONMENT": "development",
            "SWITCHBOARD_DATABASE_URL": str(self.settings.database.database_url),
            "SWITCHBOARD_DATABASE_POOL_SIZE": "60",
            "SWITCHBOARD_ENCRYPTION_KEYS": ENCRYPTION_KEYS,
            "SWITCHBOARD_PUBLIC_BASE_URL": self.settings.web.public_base_url,
            "TEMPORAL_ADDRESS": self.temporal.address,
        }
        worker = WorkerProcess.of(self.folder, environment, fault)
        self._started.append(worker)
        return worker

    def start_work(self) -> WorkerProcess:
        """Return a worker without a fault that works, whatever a test left behind."""
        left, self.at_work = self.at_work, None
        for worker in self._started:
            if worker is not left:
                worker.kill()
        if left is None:
            left = self.worker()
            left.begin()
        self._started = [left]
        return left

    def end_workers(self) -> None:
        """Kill every worker."""
        for worker in self._started:
            worker.kill()

    async def call(
        self, who: str, method: str, path: str, key: str | None = None, **body: object
    ) -> httpx2.Response:
        """Call the API as a person of the demo brand."""
        headers = {"Authorization": f"Bearer {await self._token(who)}"}
        if key:
            headers["Idempotency-Key"] = key
        url = self.settings.web.public_base_url + path
        return await self.http.request(method, url, headers=headers, json=body or None)

    async def insist(
        self, who: str, method: str, path: str, body: dict[str, str], unless: str | None = None
    ) -> bool:
        """Give a command, again and again until the engine answers; say whether it was done.

        `unless`: the code of a problem with which it may be refused.
        """

        key = uuid4().hex

        async def answered() -> httpx2.Response | None:
            answer = await self.call(who, method, path, key, **body)
            return None if answer.status_code == 503 else answer

        answer = await eventually(answered)
        assert answer is not None
        if unless and not answer.is_success and answer.json()["code"] == unless:
            return False
        assert answer.is_success, answer.text
        return True

    async def is_online(self, who: str, state: str = "online") -> None:
        answer = await self.call(who, "PUT", f"/v1/agents/{ACCOUNT}-{who}/state", state=state)
        assert answer.is_success, answer.text

    async def _token(self, who: str) -> str:
        if who not in self.tokens:
            name = who.removeprefix(f"{ACCOUNT}-")
            log_in = {"email": f"{name}@acme.example", "password": f"{name}-loves-hiking"}
            url = self.settings.web.public_base_url + "/v1/sessions"
            self.tokens[who] = (await self.http.post(url, json=log_in)).json()["token"]
        return self.tokens[who]

    async def restart_temporal(
        self, *, keeping: Path | None = None, with_state: Path | None = None
    ) -> None:
        """Stop Temporal and start it again.

        `keeping`: where a copy of its state goes meanwhile. `with_state`: a copy it starts from.
        """
        await asyncio.to_thread(self._replace_temporal, keeping, with_state)
        await eventually(partial(_is_reachable, self.client))

    def _replace_temporal(self, keeping: Path | None, with_state: Path | None) -> None:
        self.server.stop()
        state = self.temporal.state
        if keeping:
            for part in state.parent.glob(f"{state.name}*"):
                shutil.copy(part, keeping.with_name(part.name))
        if with_state:
            for part in state.parent.glob(f"{state.name}*"):
                part.unlink()
            for part in with_state.parent.glob(f"{state.name}*"):
                shutil.copy(part, state.with_name(part.name))
        self.server = _temporal(self.temporal, self.folder, self.guard)


@asynccontextmanager
async def installed(folder: Path, database_url: str, guard: Guard) -> AsyncIterator[Installation]:
    """Install it over an empty database; nobody is online but Ann."""
    prepare()
    api_url, phones_url = (f"http://{LOOPBACK}:{own_port()}" for _ in range(2))
    await seed(database_url, ENCRYPTION_KEYS, simulator_url=phones_url)
    settings = _settings(database_url, api_url)
    async with AsyncExitStack() as stack:
        temporal = TemporalServer(folder / "temporal.db", own_port(), own_port(), api_url)
        server = _temporal(temporal, folder, guard)
        os.environ["TEMPORAL_ADDRESS"] = temporal.address
        stack.callback(os.environ.pop, "TEMPORAL_ADDRESS", None)
        client = await connect(Keyring.parse(ENCRYPTION_KEYS).payload_cipher(), lazy=True)
        await eventually(partial(_is_reachable, client))
        sessions = await stack.enter_async_context(
            opened(database_url, pool_size=40, name="faults")
        )
        await _arrange(sessions)
        impatient = partial(ConversationClient, task_timeout=TASK_TIMEOUT)
        stack.enter_context(patch.object(http_server, "ConversationClient", impatient))
        app = http_server.create_app(settings)
        await stack.enter_async_context(serving(app, _port(api_url)))
        stack.callback(app.state.stopping.set)
        carrier = create_simulator(_carrier(api_url))
        await stack.enter_async_context(serving(carrier, _port(phones_url)))
        stack.callback(carrier.state.carrier.phones.stop)
        http = await stack.enter_async_context(httpx2.AsyncClient())
        made = Installation(
            folder, settings, sessions, client, temporal, server, guard, http, phones_url
        )
        await made.is_online("ann")
        stack.callback(lambda: made.server.stop())
        stack.callback(made.end_workers)
        yield made


def _temporal(temporal: TemporalServer, folder: Path, guard: Guard) -> Child:
    server = start(temporal.program, folder / "temporal.log")
    guard.watch(server)
    wait_until(server, temporal.is_ready)
    return server


async def _is_reachable(client: Client) -> bool:
    """Say whether Temporal serves requests, which it does a moment after its port is open."""
    try:
        await register(client)
    except (RPCError, RuntimeError):
        return False
    return True


async def _arrange(sessions: Sessions) -> None:
    """Make room for all conversations, and let billing be reminded soon."""
    reminded = TimerSetting(
        Automatic.agent_silent,
        Timer(delay=timedelta(seconds=REMINDED_AFTER), repeats=1),
        skill_id=f"{ACCOUNT}-billing",
    )
    async with sessions.begin() as session:
        await session.execute(update(Account).values(default_capacity=AT_ONCE))
        await timers.put(session, ACCOUNT, reminded)


def _settings(database_url: str, api_url: str) -> Settings:
    return Settings(
        environment=Environment.development,
        database=DatabaseSettings.model_validate(
            {"database_url": database_url, "database_pool_size": 40}
        ),
        security=SecuritySettings(encryption_keys=SecretStr(ENCRYPTION_KEYS)),
        web=WebSettings(public_base_url=api_url),
    )


def _carrier(api_url: str) -> SimulatorSettings:
    return SimulatorSettings(
        account_sid=ACCOUNT_SID,
        auth_token=SecretStr(AUTH_TOKEN),
        lines={SUPPORT_LINE: f"{api_url}/webhooks/twilio/acme-support/inbound"},
        delivery_seconds=0.05,
        webhook_retries=5,  # a busy machine must not lose a text for good
    )


def _port(url: str) -> int:
    return int(url.rsplit(":", 1)[1])
