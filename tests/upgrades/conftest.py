"""A Temporal server of its own: which version of the workers is current holds for all of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from typer.testing import CliRunner

from cli import versions as versions_command
from cli.main import app
from embedded.temporal import server_program
from tests.fixtures.brand import ENCRYPTION_KEYS
from tests.fixtures.centre import encrypted
from tests.fixtures.temporal import FLAGS, at_last
from workflows.search_attributes import register

REPORTED_AT_ONCE = [
    "--dynamic-config-value",
    "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute=1",
]
PATIENCE_SECONDS = 4.0

Command = Callable[..., Awaitable[tuple[int, str]]]


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
