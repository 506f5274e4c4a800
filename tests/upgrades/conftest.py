"""A Temporal server of its own: which version of the workers is current holds for all of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2
import psycopg
import pytest
from fastapi import FastAPI
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from typer.testing import CliRunner

from cli import versions as versions_command
from cli.demo import ACCOUNT_SID, AUTH_TOKEN
from cli.main import app
from embedded.guard import Guard
from embedded.machine import CHECKOUT
from embedded.temporal import server_program
from simulator.app import create_simulator
from simulator.settings import SimulatorSettings
from tests.browser.centre import serving
from tests.database.test_migrations import MakeDatabase, empty_database
from tests.faults.installation import SUPPORT_LINE
from tests.fixtures.brand import ENCRYPTION_KEYS
from tests.fixtures.centre import encrypted, eventually
from tests.fixtures.ports import own_port
from tests.fixtures.temporal import FLAGS, at_last
from tests.upgrades.previous import NoHistory, unpack
from tests.upgrades.releases import Office, Release
from workflows.search_attributes import register

__all__ = ["empty_database"]

REPORTED_AT_ONCE = [
    "--dynamic-config-value",
    "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute=1",
]
PATIENCE_SECONDS = 4.0

Command = Callable[..., Awaitable[tuple[int, str]]]
Beside = Callable[[str], Awaitable[tuple[Release, Release, Office, str]]]


@pytest.fixture
async def own_temporal() -> AsyncIterator[Client]:
    environment = await at_last(
        lambda: WorkflowEnvironment.start_local(
            dev_server_existing_path=str(server_program()),
            dev_server_log_level="error",
            dev_server_extra_args=[*FLAGS, *REPORTED_AT_ONCE],
        )
    )
    async with environment:
        client = encrypted(environment.client)
        await register(client)
        yield client


@pytest.fixture
def client(own_temporal: Client) -> Client:
    return own_temporal


@pytest.fixture
def command(own_temporal: Client, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run a command at a terminal; returns its exit code and what it said."""
    monkeypatch.setenv("SWITCHBOARD_DATABASE_URL", database_url)
    monkeypatch.setenv("SWITCHBOARD_ENCRYPTION_KEYS", ENCRYPTION_KEYS)
    monkeypatch.setenv("SWITCHBOARD_ENVIRONMENT", "development")
    monkeypatch.setenv("TEMPORAL_ADDRESS", own_temporal.service_client.config.target_host)
    monkeypatch.setattr(versions_command, "PATIENCE_SECONDS", PATIENCE_SECONDS)

    async def run(*words: str) -> tuple[int, str]:
        done = await asyncio.to_thread(CliRunner().invoke, app, list(words))
        return done.exit_code, done.output

    return run


async def makes_current(command: Command, build_id: str) -> None:
    async def is_current() -> bool:
        return await command("make-current", build_id) == (0, f"{build_id} is current.\n")

    await eventually(is_current)


@pytest.fixture
async def beside(
    tmp_path: Path, empty_database: MakeDatabase, own_temporal: Client, guard: Guard
) -> AsyncIterator[Beside]:
    """Yield what makes an earlier release, this one, an office that uses them, and a database.

    The database is as the earlier release makes it. Nothing is started yet.
    """
    async with AsyncExitStack() as stack:

        async def make(ref: str) -> tuple[Release, Release, Office, str]:
            code, url, phones_port = tmp_path / "code", empty_database(), own_port()
            try:
                unpack(ref, code)
            except NoHistory as why:
                pytest.skip(str(why))
            phones = f"http://127.0.0.1:{phones_port}"
            environment = {
                "SWITCHBOARD_ENVIRONMENT": "development",
                "SWITCHBOARD_DATABASE_URL": url,
                "SWITCHBOARD_ENCRYPTION_KEYS": ENCRYPTION_KEYS,
                "TEMPORAL_ADDRESS": own_temporal.service_client.config.target_host,
            }
            before = Release("previous", code, environment, tmp_path, guard)
            now = Release("this", CHECKOUT, environment, tmp_path, guard)
            for release in (before, now):  # webhooks are signed for one address, whoever takes them
                release.environment = environment | {"SWITCHBOARD_PUBLIC_BASE_URL": before.api}
            before.prepare_database(url, ENCRYPTION_KEYS, phones)
            await stack.enter_async_context(serving(_carrier(stack, before), phones_port))
            http = await stack.enter_async_context(httpx2.AsyncClient())
            looking = await psycopg.AsyncConnection.connect(url, autocommit=True)
            await stack.enter_async_context(looking)
            for release in (before, now):
                stack.callback(release.stop)
            return before, now, Office(http, phones, looking, own_temporal), url

        yield make


def _carrier(stack: AsyncExitStack, release: Release) -> FastAPI:
    settings = SimulatorSettings(
        account_sid=ACCOUNT_SID,
        auth_token=AUTH_TOKEN,
        lines={SUPPORT_LINE: f"{release.api}/webhooks/twilio/acme-support/inbound"},
        delivery_seconds=0.05,
        webhook_retries=5,
    )
    carrier = create_simulator(settings)
    stack.callback(carrier.state.carrier.phones.stop)
    return carrier
