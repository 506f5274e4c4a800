"""Maintenance runs by Temporal schedules, which every worker creates and updates."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from temporalio.client import Client, ScheduleDescription, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError
from temporalio.testing import ActivityEnvironment, WorkflowEnvironment
from temporalio.worker import Worker

from activities.maintenance import Maintenance
from database.engine import Sessions
from domain.errors import Unavailable
from media.opening import create_store
from settings import Settings
from tests.fixtures.centre import eventually
from workflows.maintenance.messages import (
    ALIVE_WITHIN,
    PLANS,
    WORKFLOW,
    Job,
    MaintenanceRequest,
    Plan,
)
from workflows.maintenance.schedules import keep_scheduled, schedule
from workflows.maintenance.workflow import MaintenanceWorkflow

[WATCHES] = [plan for plan in PLANS if plan.job is Job.watches]
ACTIONS_OF_A_RUN = 4
"""Two of the schedule, the start of its workflow, one activity."""


@dataclass
class Sweeps:
    """Watches that count their sweeps."""

    swept: int = 0
    errors: list[Exception] = field(default_factory=list)

    async def sweep(self) -> None:
        self.swept += 1
        if self.errors:
            raise self.errors.pop()


@dataclass
class Fetches:
    """A stand-in that remembers for which connectors texts were fetched."""

    asked: list[str] = field(default_factory=list)

    async def catch_up(self, connector_id: str) -> int:
        self.asked.append(connector_id)
        return 0


@pytest.fixture
async def client(temporal: WorkflowEnvironment) -> AsyncIterator[Client]:
    """The client of a Temporal without schedules, before and after."""
    yield temporal.client
    for plan in PLANS:
        with suppress(RPCError):  # it was not made, or is gone
            await temporal.client.get_schedule_handle(plan.schedule_id).delete()


@pytest.fixture
async def sweeps(
    client: Client, session_factory: Sessions, task_queue: str, settings: Settings
) -> AsyncIterator[Sweeps]:
    """The sweeps of a running worker."""
    sweeps = Sweeps()
    files = create_store(settings.media)
    maintenance = Maintenance(session_factory, sweeps, files, Fetches(), timedelta(days=14))
    async with Worker(
        client,
        task_queue=task_queue,
        workflows=[MaintenanceWorkflow],
        activities=[
            *(maintenance.watch, maintenance.tidy, maintenance.catch_up),
            maintenance.retain,
        ],
    ):
        yield sweeps


async def described(client: Client, plan: Plan) -> ScheduleDescription:
    return await client.get_schedule_handle(plan.schedule_id).describe()


async def test_a_worker_that_starts_has_the_watches_look_at_once(
    client: Client, task_queue: str, sweeps: Sweeps
) -> None:
    await schedule(client, task_queue, WATCHES)

    async def is_done(times: int) -> bool | None:
        info = (await described(client, WATCHES)).info
        return (sweeps.swept >= times and not info.running_actions) or None

    assert await eventually(lambda: is_done(1))
    await schedule(client, task_queue, WATCHES)
    assert await eventually(lambda: is_done(2))


async def test_a_schedule_says_what_it_does_and_how_often(client: Client, task_queue: str) -> None:
    for _ in range(2):
        for plan in PLANS:
            await schedule(client, task_queue, plan)
    for plan in PLANS:
        found = (await described(client, plan)).schedule
        assert found.state.note == plan.says
        assert [interval.every for interval in found.spec.intervals] == [plan.every]


async def test_a_schedule_an_operator_paused_stays_paused_when_a_worker_starts(
    client: Client, task_queue: str
) -> None:
    await schedule(client, task_queue, WATCHES)
    await client.get_schedule_handle(WATCHES.schedule_id).pause()
    await schedule(client, task_queue, WATCHES)
    assert (await described(client, WATCHES)).schedule.state.paused


async def test_schedules_that_a_restored_temporal_has_lost_come_back(
    client: Client, task_queue: str
) -> None:
    async def is_scheduled() -> bool:
        try:
            return all([await described(client, plan) for plan in PLANS])
        except RPCError:
            return False

    keeping = asyncio.create_task(
        keep_scheduled(client, task_queue, pause=timedelta(milliseconds=100))
    )
    try:
        await eventually(is_scheduled)
        for plan in PLANS:
            await client.get_schedule_handle(plan.schedule_id).delete()
        await eventually(is_scheduled)
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def test_workers_that_start_at_the_same_time_make_each_schedule_once(
    client: Client, task_queue: str
) -> None:
    await asyncio.gather(*(schedule(client, task_queue, plan) for plan in PLANS for _ in range(3)))
    for plan in PLANS:
        assert (await described(client, plan)).schedule.state.note == plan.says


async def test_each_job_runs_in_the_one_workflow(
    client: Client, task_queue: str, sweeps: Sweeps
) -> None:
    for plan in PLANS:
        run: WorkflowHandle[MaintenanceWorkflow, None] = await client.start_workflow(
            WORKFLOW,
            MaintenanceRequest(job=plan.job),
            id=f"{plan.schedule_id}-{task_queue}",
            task_queue=task_queue,
        )
        await run.result()
    assert sweeps.swept == 1


async def test_a_job_that_could_not_be_done_fails_without_the_words_of_the_error(
    session_factory: Sessions, settings: Settings
) -> None:
    sweeps = Sweeps(errors=[Unavailable("+15550123 is away")])
    files = create_store(settings.media)
    maintenance = Maintenance(session_factory, sweeps, files, Fetches(), timedelta(days=14))
    with pytest.raises(ApplicationError) as failed:
        await ActivityEnvironment().run(maintenance.watch)
    assert failed.value.type == "Unavailable"
    assert "5550123" not in str(failed.value)


async def test_a_worker_that_dies_within_a_job_holds_up_the_next_run_for_seconds(
    client: Client, task_queue: str, sweeps: Sweeps
) -> None:
    run = await client.start_workflow(
        WORKFLOW, MaintenanceRequest(job=Job.watches), id=task_queue, task_queue=task_queue
    )
    await run.result()
    assert sweeps.swept == 1
    events = (await run.fetch_history()).events
    [begun] = [one for one in events if one.HasField("activity_task_scheduled_event_attributes")]
    silent_for = begun.activity_task_scheduled_event_attributes.heartbeat_timeout.ToTimedelta()
    assert silent_for == ALIVE_WITHIN


async def test_a_long_job_says_that_its_worker_lives(
    session_factory: Sessions, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.beating.BEAT_SECONDS", 0.001)
    beats: list[object] = []
    files, told = create_store(settings.media), asyncio.Event()

    class Slow(Fetches):
        async def catch_up(self, connector_id: str) -> int:
            await told.wait()
            return await super().catch_up(connector_id)

    def beat(*details: object) -> None:
        beats.append(details)
        told.set()

    maintenance = Maintenance(session_factory, Sweeps(), files, Slow(), timedelta(days=14))
    environment = ActivityEnvironment()
    environment.on_heartbeat = beat
    await asyncio.wait_for(environment.run(maintenance.catch_up, "brand-twilio"), 60)
    assert beats


async def test_scheduling_while_temporal_is_away_fails_and_may_be_repeated() -> None:
    away = await Client.connect("127.0.0.1:1", lazy=True, data_converter=pydantic_data_converter)
    with pytest.raises((RPCError, RuntimeError)):
        await keep_scheduled(away, "nowhere")


def test_an_idle_day_costs_few_actions() -> None:
    runs = sum(timedelta(days=1) / plan.every for plan in PLANS)
    assert runs * ACTIONS_OF_A_RUN < 3_000


def test_a_run_that_is_lost_twice_does_not_hold_up_more_than_two_others() -> None:
    assert all(2 * plan.within < 3 * plan.every for plan in PLANS)
