"""The demo brand with every part of it at work in this process, and browsers to use it."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Network

import httpx2
import uvicorn
from fastapi import FastAPI
from playwright.async_api import BrowserContext
from pydantic import SecretStr
from sqlalchemy import update
from temporalio.testing import WorkflowEnvironment

from application.server import create_app
from cli.demo import ACCOUNT_SID, AUTH_TOKEN, seed
from database.engine import opened
from database.tables import Account
from embedded.ports import LOOPBACK
from embedded.temporal import server_program
from outgoing.posts import Posts
from outgoing.pushes import Pushes
from outgoing.telling import Telling
from reporting.following import Following
from reporting.summing import Summing
from routing.reviving import Reviving
from routing.router import Router
from routing.waits import Waits
from runtime.tasks import running
from security.push_keys import PushKeys
from security.secrets import Keyring
from services.backends import Backends
from services.supervising.alerts import AlertWatch
from services.supervising.working import BulkWork
from settings import (
    DatabaseSettings,
    Environment,
    PostSettings,
    SecuritySettings,
    Settings,
    WebSettings,
)
from simulator.app import create_simulator
from simulator.settings import SimulatorSettings
from temporal.connection import connect
from temporal.conversations import ConversationClient
from tests.browser import office
from tests.browser.cable import Cable, laid
from tests.browser.office import Office
from tests.fixtures.brand import ENCRYPTION_KEYS
from tests.fixtures.exporting import exports_of
from tests.fixtures.ports import own_port
from tests.fixtures.temporal import FLAGS, at_last
from tests.simulator.serving import TestServer
from workers.temporal_workers import create_workers
from workflows.search_attributes import register

SUPPORT_LINE = "+15550100001"
FREE_LINE = "+15550100093"
"""A number at the provider that is connected to no brand."""
OWN_NETWORK = IPv4Network("127.0.0.0/8")
"""Where the browsers' push service is."""


@dataclass
class Crew:
    """The worker and the router: they can go home, and come back."""

    settings: Settings
    is_at_work: bool = False
    _at_work: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def come(self) -> None:
        await self._at_work.enter_async_context(_worker(self.settings))
        self.is_at_work = True

    async def go(self) -> None:
        self.is_at_work = False
        await self._at_work.aclose()


@dataclass(frozen=True)
class Centre:
    """A contact centre: its workspace, its consumers' phones, the agents' cable and the worker.

    `browsers`: those that stay from story to story, by who uses them, so that each loads our
    scripts and styles once.
    """

    workspace: str
    phones: str
    cable: Cable
    crew: Crew
    office: Office
    database_url: str
    browsers: dict[str, BrowserContext] = field(default_factory=dict)

    async def clear(self) -> None:
        """Begin as if there had been no story before."""
        self.cable.mend()
        if not self.crew.is_at_work:
            await self.crew.come()
        await self.office.clear()


@asynccontextmanager
async def serving(app: FastAPI, port: int) -> AsyncIterator[None]:
    """Serve an application on a port of this machine."""
    # Longer than clients keep a connection that is idle, or both would end it at one moment.
    idle = 60
    config = uvicorn.Config(
        app, port=port, log_config=None, access_log=False, timeout_keep_alive=idle
    )
    server = TestServer(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        assert not task.done()
        await asyncio.sleep(0.005)
    try:
        yield
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def working(database_url: str) -> AsyncIterator[Centre]:
    """Run the demo brand over an empty database, with a Temporal server of its own."""
    api_port, carrier_port, workspace_port = own_port(), own_port(), own_port()
    api_url, carrier_url = f"http://{LOOPBACK}:{api_port}", f"http://{LOOPBACK}:{carrier_port}"
    await seed(database_url, ENCRYPTION_KEYS, simulator_url=carrier_url)
    await _make_room(database_url)
    settings = _settings(database_url, api_url)
    async with AsyncExitStack() as stack:
        temporal = await stack.enter_async_context(await _temporal())
        os.environ["TEMPORAL_ADDRESS"] = temporal.client.service_client.config.target_host
        stack.callback(os.environ.pop, "TEMPORAL_ADDRESS", None)
        app = create_app(settings)
        await stack.enter_async_context(serving(app, api_port))
        stack.callback(app.state.stopping.set)
        carrier = create_simulator(_carrier(api_url))
        await stack.enter_async_context(serving(carrier, carrier_port))
        stack.callback(carrier.state.carrier.phones.stop)
        crew = Crew(settings)
        await crew.come()
        stack.push_async_callback(crew.go)
        cable = await stack.enter_async_context(laid(api_port, workspace_port))
        behind = await stack.enter_async_context(office.opened(api_url, carrier_url))
        workspace = f"http://{LOOPBACK}:{workspace_port}"
        yield Centre(workspace, carrier_url, cable, crew, behind, database_url)


async def _make_room(database_url: str) -> None:
    """Raise the capacity, so that agents can have the conversations of all stories at once."""
    async with (
        opened(database_url, pool_size=2, name="room") as sessions,
        sessions.begin() as session,
    ):
        await session.execute(update(Account).values(default_capacity=50))


def _settings(database_url: str, api_url: str) -> Settings:
    return Settings(
        environment=Environment.development,
        database=DatabaseSettings.model_validate({"database_url": database_url}),
        security=SecuritySettings(encryption_keys=SecretStr(ENCRYPTION_KEYS)),
        web=WebSettings(public_base_url=api_url),
        posts=PostSettings(own_networks=(OWN_NETWORK,)),
    )


async def _temporal() -> WorkflowEnvironment:
    return await at_last(
        lambda: WorkflowEnvironment.start_local(
            dev_server_existing_path=str(server_program()),
            dev_server_log_level="error",
            dev_server_extra_args=FLAGS,
        )
    )


def _carrier(api_url: str) -> SimulatorSettings:
    inbound = f"{api_url}/webhooks/twilio/acme-support/inbound"
    return SimulatorSettings(
        account_sid=ACCOUNT_SID,
        auth_token=SecretStr(AUTH_TOKEN),
        lines={SUPPORT_LINE: inbound},
        numbers=[FREE_LINE],
        delivery_seconds=0.05,
        webhook_retries=5,  # a busy machine must not lose a text for good
    )


@asynccontextmanager
async def _worker(settings: Settings) -> AsyncIterator[None]:
    url = str(settings.database.database_url)
    keyring = Keyring.parse(settings.security.encryption_keys.get_secret_value())
    client, hashing = await connect(keyring.payload_cipher()), keyring.suppression_setting()
    await register(client)
    conversations = ConversationClient(client)
    async with (
        httpx2.AsyncClient() as http,
        opened(url, pool_size=10, name="switchboard worker", suppression_keys=hashing) as sessions,
        Posts([OWN_NETWORK]) as posts,
    ):
        router = Router(sessions, conversations, Reviving(sessions, conversations), url)
        exports = exports_of(sessions, settings, posts)
        workers = create_workers(settings, client, sessions, http, router=router, exports=exports)
        working = asyncio.create_task(workers.run())
        routing = asyncio.create_task(router.run())
        explaining = asyncio.create_task(Waits(sessions).run())
        pushes = Pushes(sessions, posts, PushKeys(keyring), "mailto:ops@acme.example")
        supervising = {
            "alerts": AlertWatch(sessions, seconds=1).run,
            "bulk": BulkWork(Backends(sessions, conversations)).run,
            "records": Following(sessions, url).run,
            "figures": Summing(sessions).run,
        }
        try:
            async with running(
                telling=Telling(sessions, url).run, pushes=pushes.run, **supervising
            ):
                yield
        finally:
            routing.cancel()
            explaining.cancel()
            await workers.stop()
            await asyncio.gather(working, routing, explaining, return_exceptions=True)
