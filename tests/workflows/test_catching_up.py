"""An hour without webhooks: Temporal's schedule fetches every text, and nothing untrue is said."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from temporalio.client import ScheduleOverlapPolicy
from temporalio.service import RPCError

from activities.maintenance import Maintenance
from database.tables import CatchUp, Connector, Inbound, Line
from ingress.catching_up import connectors_in_use
from ingress.creation import create_catching_up
from ingress.sweeper import Sweeper
from media.opening import create_store
from providers.registry import create_providers
from security.secrets import Keyring, SecretBox
from simulator.messages import Direction, Message, MessageStatus
from tests.fixtures.brand import ENCRYPTION_KEYS, LINE_NUMBER, new_thread
from tests.fixtures.centre import IMPATIENT, Centre, eventually
from tests.workflows.test_maintenance import Sweeps
from tracing.trace import Trace
from workers.temporal_workers import create_workers
from workflows.maintenance.messages import catch_up_plan
from workflows.maintenance.schedules import ConnectorsInUse, keep_catching_up

CHATTY, TIRED, NEW = "+15550140001", "+15550140002", "+15550140003"
MINUTE = timedelta(minutes=1)
OFTEN = timedelta(milliseconds=200)


@dataclass
class Outage:
    """A centre whose webhooks are lost, and its schedule."""

    centre: Centre

    @property
    def connector_id(self) -> str:
        return f"{self.centre.brand.account_id}-twilio"

    @property
    def schedule_id(self) -> str:
        return catch_up_plan(self.connector_id).schedule_id

    def text(self, number: str, body: str, ago: timedelta) -> None:
        """Text the line without a webhook, some time ago."""
        at = datetime.now(UTC) - ago
        message = Message(
            sid="SM" + uuid4().hex,
            sender=number,
            recipient=LINE_NUMBER,
            body=body,
            direction=Direction.inbound,
            status=MessageStatus.received,
            provider="twilio",
            created_at=at,
            updated_at=at,
        )
        self.centre.carrier.state.carrier.messages.keep(message)

    async def spoken(self, number: str) -> list[tuple[str, str]]:
        thread = await new_thread(self.centre.sessions, self.centre.brand, number)
        texting = self.centre.on(thread)
        rows = await texting.all_conversations()
        messages = [one for row in rows for one in await texting.transcript(row.id)]
        return [(one.author, one.automatic or one.text) for one in messages]

    async def stored(self) -> int:
        async with self.centre.sessions() as session:
            return len((await session.scalars(select(Inbound.id))).all())

    async def trigger(self) -> None:
        handle = self.centre.client.get_schedule_handle(self.schedule_id)
        await handle.trigger(overlap=ScheduleOverlapPolicy.BUFFER_ONE)

    async def is_scheduled(self) -> bool:
        handle = self.centre.client.get_schedule_handle(self.schedule_id)
        try:
            await handle.describe()
        except RPCError:
            return False
        return True

    async def is_gone(self) -> bool:
        return not await self.is_scheduled()

    async def in_use(self) -> ConnectorsInUse:
        sessions = self.centre.sessions
        return await connectors_in_use(sessions, create_providers(self.centre.http))

    @asynccontextmanager
    async def scheduling(self) -> AsyncIterator[None]:
        """Keep the schedules as a worker process does."""
        queue = self.centre.conversations.task_queue
        keep = keep_catching_up(self.centre.client, queue, self.in_use, pause=OFTEN)
        async with running(keep):
            yield

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Run a worker process with everything that late texts need."""
        centre = self.centre
        workers = create_workers(
            centre.settings,
            centre.client,
            centre.sessions,
            centre.http,
            task_queue=centre.conversations.task_queue,
            time_outs=IMPATIENT,
            recogniser=centre.recogniser,
            maintenance=Maintenance(
                centre.sessions,
                Sweeps(),
                create_store(centre.settings.media),
                create_catching_up(
                    centre.sessions,
                    centre.http,
                    SecretBox(Keyring.parse(ENCRYPTION_KEYS)),
                    Trace(centre.sessions),
                ),
                timedelta(days=14),
            ),
        )
        url = str(centre.settings.database.database_url)
        sweeper = Sweeper(centre.sessions, centre.conversations, url)
        async with AsyncExitStack() as stack:
            for task in (workers.run(), sweeper.run()):
                await stack.enter_async_context(running(task))
            yield


@asynccontextmanager
async def running(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def outage(idle_centre: Centre, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Outage]:
    monkeypatch.setattr("workers.temporal_workers.GRACE", timedelta(seconds=0.5))
    old = datetime.now(UTC) - timedelta(days=30)
    async with idle_centre.sessions.begin() as session:
        await session.execute(update(Line).values(created_at=old))
        until = datetime.now(UTC) - 90 * MINUTE
        session.add(CatchUp(line_id=idle_centre.brand.line_id, complete_until=until))
    outage = Outage(idle_centre)
    yield outage
    with suppress(RPCError):
        await idle_centre.client.get_schedule_handle(outage.schedule_id).delete()


async def test_an_hour_without_webhooks_loses_nothing(outage: Outage) -> None:
    for number in range(12):
        outage.text(CHATTY, f"text {number}", (65 - 5 * number) * MINUTE)
    outage.text(TIRED, "hello", 50 * MINUTE)
    outage.text(TIRED, "STOP", 20 * MINUTE)
    outage.text(NEW, "is anybody there?", 3 * MINUTE)

    async def all_there() -> bool:
        lengths = [len(await outage.spoken(number)) for number in (CHATTY, TIRED, NEW)]
        return lengths == [12, 2, 1]

    async with outage.working(), outage.scheduling():
        await eventually(all_there)
        await outage.trigger()
        await eventually(lambda: counts(outage, runs=2))
    assert await outage.spoken(CHATTY) == [("consumer", f"text {n}") for n in range(12)]
    assert await outage.spoken(TIRED) == [("consumer", "hello"), ("consumer", "STOP")]
    assert await outage.spoken(NEW) == [("consumer", "is anybody there?")]
    assert await outage.stored() == 15
    for phone in (CHATTY, TIRED, NEW):
        assert await outage.centre.phone(phone) == []


async def counts(outage: Outage, *, runs: int) -> bool:
    """Say whether the schedule has run so often, and no run is under way."""
    handle = outage.centre.client.get_schedule_handle(outage.schedule_id)
    info = (await handle.describe()).info
    return info.num_actions >= runs and not info.running_actions


async def test_a_worker_that_starts_fetches_what_came_while_none_worked(outage: Outage) -> None:
    async with outage.scheduling():
        await eventually(outage.is_scheduled)
    outage.text(NEW, "hello", 10 * MINUTE)
    async with outage.working(), outage.scheduling():
        assert await eventually(lambda: outage.spoken(NEW)) == [("consumer", "hello")]


async def test_schedules_follow_connectors_and_come_back_if_they_are_lost(outage: Outage) -> None:
    centre = outage.centre
    async with outage.scheduling():
        await eventually(outage.is_scheduled)
        await centre.client.get_schedule_handle(outage.schedule_id).delete()
        await eventually(outage.is_scheduled)
        async with centre.sessions.begin() as session:
            await session.execute(update(Line).values(retired_at=datetime.now(UTC)))
        await eventually(outage.is_gone)
        async with centre.sessions.begin() as session:
            await session.execute(update(Line).values(retired_at=None))
        await eventually(outage.is_scheduled)


@pytest.mark.parametrize(
    ("provider", "listing", "unknown"),
    [("twilio", True, False), ("telnyx", False, False), ("of a newer version", False, True)],
)
async def test_only_connectors_that_can_list_are_scheduled(
    outage: Outage, provider: str, listing: bool, unknown: bool
) -> None:
    async with outage.centre.sessions.begin() as session:
        await session.execute(update(Connector).values(provider=provider))
    found = await outage.in_use()
    assert (outage.connector_id in found.listing) is listing
    assert (outage.connector_id in found.unknown) is unknown
