"""The workflows of exports: a file is made by a worker, and a schedule tells its endpoint."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from temporalio.api.workflowservice.v1 import ListScheduleMatchingTimesRequest

from database.tables import Export
from domain.exporting.kinds import ExportKind, ExportStatus
from domain.exporting.spans import Every, moved_runs, span_of
from domain.people.roles import Role
from media.opening import create_store
from outgoing.posts import Posts
from security.export_links import ExportLinks
from services.backends import Backends
from services.exporting import exports, schedules
from services.exporting.inputs import NewExport
from services.exporting.schedules import NewSchedule
from temporal.exports import ExportClient
from tests.fixtures.centre import Centre, eventually, working
from tests.fixtures.exporting import exports_of
from tests.services.callers import caller, person
from workflows.exports import workflow
from workflows.exports.messages import SCHEDULED_WORKFLOW, ScheduledRun, workflow_id
from workflows.exports.schedules import ExportPlan, schedule


async def test_a_worker_makes_an_export_and_a_schedule_makes_each_run_once(
    idle_centre: Centre,
) -> None:
    centre = idle_centre
    account, store = centre.brand.account_id, create_store(centre.settings.media)
    mia, ada = person(account, centre.brand.mia), caller(account, Role.admin)
    async with centre.sessions.begin() as session:
        asked = await exports.create(mia, session, NewExport(kind=ExportKind.messages))
        new = NewSchedule(name="Daily", kind=ExportKind.conversations, every=Every.day)
        planned = await schedules.create(ada, session, new)
    async with working(centre):
        await exports.start(Backends(centre.sessions, centre.conversations), asked.id)

        async def done() -> Export | None:
            async with centre.sessions() as session:
                shown = await exports.find(mia, session, asked.id)
            return shown if shown.status == ExportStatus.done else None

        assert await eventually(done)
        async with centre.sessions.begin() as session:
            file = await exports.open_file(mia, session, store, asked.id)
        assert b"".join([piece async for piece in file.read()]).startswith(b"\xef\xbb\xbfconv")

        run = ScheduledRun(schedule_id=planned.id, due_at=datetime(2026, 11, 27, 4, tzinfo=UTC))
        for _ in "ab":
            await centre.client.execute_workflow(
                SCHEDULED_WORKFLOW,
                run,
                id=f"test/{uuid4()}",
                task_queue=centre.conversations.task_queue,
            )
    async with centre.sessions() as session:
        made = (await session.scalars(select(Export).where(Export.schedule_id == planned.id))).all()
        now = await schedules.find(ada, session, planned.id)
    assert [(one.status, one.is_told) for one in made] == [(ExportStatus.done, True)]
    assert (now.ran_at, now.failure) == (made[0].ended_at, None)


async def test_a_scheduled_export_is_delivered_whoever_makes_it(
    idle_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre, due_at = without_sandbox(idle_centre), datetime(2026, 11, 27, 4, tzinfo=UTC)
    monkeypatch.setattr(workflow, "MADE_AGAIN", timedelta(seconds=0.2))
    ada = caller(centre.brand.account_id, Role.admin)
    async with centre.sessions.begin() as session:
        new = NewSchedule(name="Daily", kind=ExportKind.conversations, every=Every.day)
        planned = await schedules.create(ada, session, new)
    async with Posts() as posts:
        begun = exports_of(centre.sessions, centre.settings, posts)
        export_id = await begun.scheduled.begin(planned.id, due_at)
    assert export_id
    # What looks for late exports has started this one, before its schedule's run went on.
    await ExportClient(centre.client, "nobody works here").start(export_id)
    made = centre.client.get_workflow_handle(workflow_id(export_id))
    async with working(centre):
        run = await centre.client.start_workflow(
            SCHEDULED_WORKFLOW,
            ScheduledRun(schedule_id=planned.id, due_at=due_at),
            id=f"test/{uuid4()}",
            task_queue=centre.conversations.task_queue,
        )

        async def is_refused() -> bool:
            events = (await run.fetch_history()).events
            return any(
                one.HasField("start_child_workflow_execution_failed_event_attributes")
                for one in events
            )

        await eventually(is_refused)
        await made.terminate()
        await run.result()
    async with centre.sessions() as session:
        export = await session.get_one(Export, export_id)
    assert (export.status, export.is_told) == (ExportStatus.done, True)


def without_sandbox(centre: Centre) -> Centre:
    """Run workflows as in production: within the sandbox, constants are not those of a test."""
    temporal = centre.settings.temporal.model_copy(update={"worker_sandbox": False})
    return replace(centre, settings=centre.settings.model_copy(update={"temporal": temporal}))


def test_an_export_that_fails_each_time_is_made_again_in_growing_pauses() -> None:
    pauses = [workflow.made_again(tries) for tries in range(30)]
    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=1)


async def test_a_schedule_runs_by_the_clock_of_its_account(idle_centre: Centre) -> None:
    client, queue = idle_centre.client, idle_centre.conversations.task_queue
    for every in Every:
        plan = ExportPlan(uuid4(), every, 5, "Europe/Berlin")
        for _ in "ab":
            await schedule(client, queue, plan)
        handle = client.get_schedule_handle(plan.id)
        described = await handle.describe()
        times = [at.astimezone(ZoneInfo(plan.zone)) for at in described.info.next_action_times]
        assert {at.hour for at in times} == {5}
        span = span_of(every, times[0], ZoneInfo(plan.zone))
        assert (times[0].date() - span.last).days == 1
        await handle.delete()


@pytest.mark.parametrize(
    ("zone", "hour", "changes_on"),
    [
        ("Europe/Berlin", 2, date(2027, 3, 28)),
        ("Europe/Berlin", 2, date(2027, 10, 31)),
        ("Africa/Cairo", 0, date(2027, 4, 30)),
        ("America/Nuuk", 23, date(2027, 3, 27)),
        ("Australia/Lord_Howe", 2, date(2027, 10, 3)),
    ],
)
async def test_a_daily_schedule_runs_on_days_that_do_not_have_its_hour(
    idle_centre: Centre, zone: str, hour: int, changes_on: date
) -> None:
    client, queue, clock = idle_centre.client, idle_centre.conversations.task_queue, ZoneInfo(zone)
    moved = moved_runs(Every.day, hour, clock, date(2026, 11, 28))
    plan = ExportPlan(uuid4(), Every.day, hour, zone, moved)
    await schedule(client, queue, plan)
    asked = ListScheduleMatchingTimesRequest(namespace=client.namespace, schedule_id=plan.id)
    days = [changes_on + timedelta(days=number) for number in range(-2, 3)]
    asked.start_time.FromDatetime(datetime.combine(days[0], time(0), clock) - timedelta(seconds=1))
    asked.end_time.FromDatetime(datetime.combine(days[-1], time(23), clock))
    found = await client.workflow_service.list_schedule_matching_times(asked)
    runs = [at.ToDatetime(UTC) for at in found.start_time]
    assert {span_of(Every.day, at, clock).last for at in runs} == {
        day - timedelta(days=1) for day in days
    }
    await client.get_schedule_handle(plan.id).delete()


def test_only_days_on_which_a_schedule_runs_have_a_run_that_is_moved() -> None:
    zone, today = ZoneInfo("Europe/Berlin"), date(2026, 11, 28)
    assert moved_runs(Every.day, 2, zone, today) == (datetime.fromisoformat("2027-03-28T03:00"),)
    assert moved_runs(Every.day, 5, zone, today) == ()
    assert moved_runs(Every.week, 2, zone, today) == ()  # clocks change on a Sunday
    assert moved_runs(Every.month, 2, zone, today) == ()


def test_a_link_is_good_for_one_export_until_it_expires() -> None:
    links, one = ExportLinks("https://sms.example", (b"new", b"old")), UUID(int=1)
    until = datetime(2026, 12, 4, tzinfo=UTC)
    *_, expires, signature = links.link(one, until).split("/")
    before, after = datetime(2026, 12, 3, tzinfo=UTC), datetime(2026, 12, 5, tzinfo=UTC)
    assert links.is_good(one, int(expires), signature, before)
    assert not links.is_good(one, int(expires), signature, after)
    assert not links.is_good(one, int(expires) + 9, signature, before)
    assert not links.is_good(UUID(int=2), int(expires), signature, before)
