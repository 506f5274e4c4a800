"""An API and a worker as real processes, whose connections can be cut."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import httpx2
import pytest
from sqlalchemy import func, select, update

from database.engine import Sessions
from database.tables import Agent, Conversation, Message
from domain.conversation.kinds import Author
from domain.people.roles import AgentState
from embedded.guard import Guard
from embedded.machine import CHECKOUT
from embedded.processes import Child, Program, start
from tests.fixtures.brand import ENCRYPTION_KEYS, Brand
from tests.fixtures.centre import eventually
from tests.fixtures.ports import own_port
from tests.fixtures.proxy import Proxy, proxy_to
from tests.fixtures.temporal_server import OwnTemporal
from tests.ingress.carrier import signed, text

PATIENCE_SECONDS = 90


@dataclass
class Plant:
    """The running processes, with helpers to send texts and check results."""

    brand: Brand
    sessions: Sessions
    """Over a separate connection, which is never cut."""
    to_database: Proxy
    to_temporal: Proxy
    temporal: OwnTemporal
    guard: Guard
    folder: Path
    environment: dict[str, str]
    api_port: int = field(default_factory=own_port)
    worker_health_port: int = field(default_factory=own_port)
    children: dict[str, Child] = field(default_factory=dict)

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.api_port}"

    def start(self, *names: str) -> None:
        for name in names:
            program = Program(
                name=name,
                command=(sys.executable, "-m", "cli.main", name),
                environment={
                    **self.environment,
                    "SWITCHBOARD_API_PORT": str(self.api_port),
                    "SWITCHBOARD_PUBLIC_BASE_URL": self.api,
                    "SWITCHBOARD_WORKER_HEALTH_PORT": str(self.worker_health_port),
                },
                folder=CHECKOUT,
            )
            self.children[name] = start(program, self.folder / f"{name}.log")
            self.guard.watch(self.children[name])

    def stop(self) -> None:
        for child in self.children.values():
            child.ask_to_stop()
        for child in self.children.values():
            child.stop()

    def log(self, name: str) -> str:
        return self.children[name].log.read_text()

    async def answers(self) -> bool:
        async with httpx2.AsyncClient() as anyone:
            try:
                return (await anyone.get(f"{self.api}/health/ready")).is_success
            except httpx2.TransportError:
                return False

    async def lives(self, name: str) -> bool:
        """Say whether a process reports itself healthy."""
        port = self.api_port if name == "api" else self.worker_health_port
        async with httpx2.AsyncClient() as anyone:
            answer = await anyone.get(f"http://127.0.0.1:{port}/health/live")
        return answer.is_success

    async def text(self, body: str, sender: str) -> bool:
        """Post a consumer's text as Twilio does; returns whether it was accepted."""
        form = text(body, sender=sender)
        url = f"{self.api}/webhooks/twilio/{self.brand.line_id}/inbound"
        async with httpx2.AsyncClient() as twilio:
            answer = await twilio.post(url, content=urlencode(form), headers=signed(url, form))
        return answer.is_success

    async def text_taken(self, body: str, sender: str) -> None:
        """Post a text with a new id each time, until one is accepted."""

        async def taken() -> bool:
            return await self.text(body, sender)

        await eventually(taken, seconds=PATIENCE_SECONDS)

    async def assigned(self, count: int) -> None:
        """Wait until `count` conversations are assigned and contain their texts."""

        async def look() -> bool:
            async with self.sessions() as session:
                held = await session.scalar(
                    select(func.count())
                    .select_from(Conversation)
                    .join(Message, Message.conversation_id == Conversation.id)
                    .where(Conversation.status == "assigned", Message.author == Author.consumer)
                )
            return held is not None and held >= count

        await eventually(look, seconds=PATIENCE_SECONDS)


@pytest.fixture
async def temporal_of_its_own(tmp_path: Path, guard: Guard) -> AsyncIterator[OwnTemporal]:
    server = OwnTemporal(tmp_path, guard)
    await server.start()
    yield server
    server.stop()


@pytest.fixture
async def plant(
    tmp_path: Path,
    guard: Guard,
    database_url: str,
    session_factory: Sessions,
    brand: Brand,
    temporal_of_its_own: OwnTemporal,
) -> AsyncIterator[Plant]:
    """A running API and worker, and one agent online with unlimited capacity."""
    async with session_factory.begin() as session:
        online = {"state": AgentState.online.value, "capacity": 50}
        await session.execute(update(Agent).where(Agent.id == brand.ann.agent_id).values(online))
    async with (
        proxy_to(database_url) as to_database,
        proxy_to(temporal_of_its_own.address) as to_temporal,
    ):
        environment = {
            "SWITCHBOARD_ENVIRONMENT": "development",
            "SWITCHBOARD_DATABASE_URL": to_database.url(database_url),
            "SWITCHBOARD_ENCRYPTION_KEYS": ENCRYPTION_KEYS,
            "TEMPORAL_ADDRESS": "{}:{}".format(*to_temporal.address),
        }
        parts = (to_database, to_temporal, temporal_of_its_own, guard, tmp_path, environment)
        plant = Plant(brand, session_factory, *parts)
        plant.start("api", "worker")
        await eventually(plant.answers, seconds=PATIENCE_SECONDS)
        await plant.text_taken("hello", "+15550001")
        await plant.assigned(1)
        yield plant
        await asyncio.to_thread(plant.stop)
