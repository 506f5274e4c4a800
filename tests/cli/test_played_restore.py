"""What left after a backup reaches nobody again from the folder that `restore` makes of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from temporalio.client import Client
from temporalio.service import RPCError

from database.engine import opened as opened_database
from database.migrate import upgrade
from database.tables import Message
from domain.batches.moves import Move
from embedded import postgres
from embedded.data_folder import DataFolder, opened
from embedded.guard import Guard
from embedded.processes import start
from embedded.progress import wait_until
from embedded.temporal import TemporalServer
from languages.recognition import Recogniser
from security.secrets import Keyring
from settings import (
    DatabaseSettings,
    Environment,
    MediaSettings,
    SecuritySettings,
    Settings,
    WebSettings,
)
from temporal.connection import connect
from temporal.conversations import ConversationClient
from tests.cli.test_backup import place, run
from tests.fixtures.brand import CARRIER, ENCRYPTION_KEYS, Brand, new_brand, new_thread
from tests.fixtures.centre import Centre, eventually, working
from tests.fixtures.ports import own_port
from tests.fixtures.told_transport import ToldTransport
from tests.workflows.test_batches import Sending, new_batch, sending_standalone, set_pace
from tests.workflows.test_restored_batches import all_are_known
from tests.workflows.test_restored_conversations import (
    REMINDER,
    is_answered,
    is_heard,
    left,
    settled,
)
from workflows.search_attributes import register

__all__ = ["place"]

REMINDED_AFTER = 18
"""Seconds: a busy machine has stopped everything before."""


@pytest.mark.timeout(300)  # three starts of both servers, on however busy a machine
async def test_a_batch_and_a_reminder_reach_nobody_twice_from_a_restored_folder(
    place: Path,
    guard: Guard,
    carrier: FastAPI,
    recogniser: Recogniser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("activities.batches.LOOKS_AGAIN", 1.0)
    data, copy, keys, again = (place / name for name in ("data", "copy", "keys", "again"))
    keeper = Keeper(guard, carrier, recogniser, monkeypatch)
    async with keeper.served(data) as centre:
        async with working(centre):
            await is_answered(centre, reminded_after=REMINDED_AFTER)
        brand, batch_id = centre.brand, await new_batch(centre)
        await set_pace(centre, 1000)
        await Sending(centre, batch_id).move(Move.start)  # and nobody works
    await told("backup", copy, "--data", data, "--keys", keys)

    async with keeper.served(data, brand) as centre, working(centre), sending_standalone(centre):
        reminder = await all_leaves(centre, Sending(centre, batch_id))
    await told("restore", copy, "--keys", keys, "--data", again)

    async with keeper.served(again, brand) as centre, working(centre), sending_standalone(centre):
        known, batch = await settled(centre, REMINDER), Sending(centre, batch_id)
        await batch.when("done")
        await eventually(lambda: all_are_known(batch))
        assert known.id == reminder.id
        assert known.provider_message_id == reminder.provider_message_id
        assert (await centre.phone()).count(reminder.text) == 1
        assert set(await batch.texts()) == {1}


async def told(*words: object) -> None:
    """Run a command as a person does who is nobody's event loop."""
    code, output = await asyncio.to_thread(run, *words)
    assert code == 0, output


async def all_leaves(centre: Centre, batch: Sending) -> Message:
    """Let the whole batch and the reminder leave, of which the backup knows nothing."""
    await batch.when("done")
    await eventually(lambda: all_are_known(batch))
    reminder = await left(centre, REMINDER)
    await is_heard(centre, reminder)
    assert set(await batch.texts()) == {1}
    return reminder


@dataclass
class Keeper:
    """Runs what is in a data folder, beside a carrier that no restore takes back."""

    guard: Guard
    carrier: FastAPI
    recogniser: Recogniser
    patched: pytest.MonkeyPatch

    @asynccontextmanager
    async def served(self, data: Path, brand: Brand | None = None) -> AsyncIterator[Centre]:
        """Start a folder's servers. `brand`: its brand, if it is no new folder."""
        with opened(data) as folder:
            folder.keys.write_text(ENCRYPTION_KEYS)
            async with (
                self._servers(folder) as url,
                self._centre(folder, url, brand) as centre,
            ):
                yield centre

    @asynccontextmanager
    async def _servers(self, folder: DataFolder) -> AsyncIterator[str]:
        cluster = postgres.prepare(folder.path, is_durable=False)
        database = postgres.run(cluster, folder.log("PostgreSQL"))
        self.guard.watch(database)
        upgrade(cluster.url())
        temporal = TemporalServer(folder.temporal_state, own_port(), own_port(), CARRIER)
        server = start(temporal.program, folder.log("Temporal"))
        self.guard.watch(server)
        wait_until(server, temporal.is_ready)
        self.patched.setenv("TEMPORAL_ADDRESS", temporal.address)
        try:
            yield cluster.url()
        finally:
            server.stop()
            database.stop()

    @asynccontextmanager
    async def _centre(
        self, folder: DataFolder, url: str, brand: Brand | None
    ) -> AsyncIterator[Centre]:
        settings = Settings(
            environment=Environment.development,
            database=DatabaseSettings.model_validate({"database_url": url}),
            security=SecuritySettings(encryption_keys=SecretStr(ENCRYPTION_KEYS)),
            web=WebSettings(public_base_url="http://api.test"),
            media=MediaSettings(media_folder=folder.media),
        )
        client = await eventually(_reached)
        assert client is not None
        transport = ToldTransport(app=self.carrier)
        async with (
            opened_database(url, pool_size=10, name="played") as sessions,
            httpx2.AsyncClient(transport=transport, base_url=CARRIER) as http,
        ):
            brand = brand or await new_brand(sessions)
            thread = await new_thread(sessions, brand)
            conversations = ConversationClient(client, "played")
            centre = Centre(
                brand,
                sessions,
                settings,
                conversations,
                self.carrier,
                http,
                thread,
                self.recogniser,
            )
            await centre.fault("lost_callbacks", count=1000)
            yield centre


async def _reached() -> Client | None:
    """Connect to Temporal, which serves requests a moment after its port is open."""
    try:
        client = await connect(Keyring.parse(ENCRYPTION_KEYS).payload_cipher())
        await register(client)
    except (RPCError, RuntimeError):
        return None
    return client
