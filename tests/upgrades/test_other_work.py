"""Workflows besides conversations' whose tasks fail: they are listed, and freed."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from temporalio import workflow
from temporalio.client import ScheduleHandle, WorkflowExecution, WorkflowExecutionStatus
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from cli.stuck import STARVED
from database.queries import measurements
from database.queries.measurements import Kind
from database.queries.operating import actions
from domain.errors import NotFound
from domain.exporting.spans import Every
from measuring.figures import InstallationFigures
from routing import reconciling
from routing.reviving import Reviving
from routing.watches import Watches
from services.backends import Backends
from services.installation import Installation
from services.operating.freeing import Asked, Outcome, free
from services.operating.stuck import find
from services.operating.troubles import Remedy, Trouble
from temporal import missed_runs
from temporal.missed_runs import DUE_AT, ScheduledRuns
from tests.fixtures.centre import Centre, eventually
from tests.upgrades.conftest import Command
from workflows.endpoints.messages import WORKFLOW, EndpointRequest
from workflows.exports import messages as exports
from workflows.exports import schedules as export_schedules
from workflows.exports.schedules import PREFIX, ExportPlan
from workflows.maintenance import messages as maintenance
from workflows.maintenance.messages import PLANS
from workflows.maintenance.schedules import schedule

LONG_SECONDS = 60.0
"""How long runs are looked at that end or fail: a busy machine may need more than an operator waits
for.
"""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def monthly(schedule_id: UUID) -> ExportPlan:
    """Return a plan that does not run soon: what it missed would be left to that run."""
    return ExportPlan(schedule_id, Every.month, (datetime.now(UTC).hour + 12) % 24, "UTC")


def far_interval() -> timedelta:
    """Return an interval whose next end is far from now: Temporal counts from the epoch."""
    since = datetime.now(UTC) - EPOCH
    every = (timedelta(hours=hours) for hours in range(24, 49))
    return max(every, key=lambda one: one - since % one)


async def begun(handle: ScheduleHandle) -> str:
    """Return the workflow of a schedule's last run, once there is one."""

    async def last() -> str | None:
        actions = (await handle.describe()).info.recent_actions
        return getattr(actions[-1].action, "workflow_id", None) if actions else None

    return str(await eventually(last))


@workflow.defn(name=WORKFLOW)
class Broken:
    """What an endpoint's workflow is after a restore that left it a history nobody can replay."""

    @workflow.run
    async def run(self, _: EndpointRequest) -> None:
        raise RuntimeError("a history that cannot be replayed")


@pytest.mark.timeout(200)
async def test_an_endpoint_whose_workflow_fails_is_listed_and_ended_so_that_workers_start_it_anew(
    idle_centre: Centre, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, queue = idle_centre.client, f"broken-{uuid4().hex}"
    backends = Backends(idle_centre.sessions, idle_centre.conversations)

    async def starts(endpoint: str) -> None:
        request, workflow_id = EndpointRequest(endpoint_id=endpoint), f"endpoint:{endpoint}"
        await client.start_workflow(WORKFLOW, request, id=workflow_id, task_queue=queue)

    async def fails(endpoint: str) -> None:
        await starts(endpoint)

        async def is_listed() -> bool:
            found = f"endpoint:{endpoint}" in await idle_centre.conversations.stuck()
            await asyncio.sleep(0 if found else 0.2)
            return found

        await eventually(is_listed)

    async def is_ended(endpoint: str) -> bool:
        described = await client.get_workflow_handle(f"endpoint:{endpoint}").describe()
        return described.status is WorkflowExecutionStatus.TERMINATED

    runner = UnsandboxedWorkflowRunner()
    async with Worker(client, task_queue=queue, workflows=[Broken], workflow_runner=runner):
        await fails("one")
        code, output = await command("stuck")
        assert code == 1
        assert "endpoint workflow endpoint:one" in output
        assert STARVED not in output
        with monkeypatch.context() as patched:
            patched.setattr("cli.stuck.MANY", 1)
            assert STARVED in (await command("stuck"))[1]
        assert "switchboard doctor --heal" in output
        await command("doctor", "--heal")
        assert await is_ended("one")
        await fails("two")
        asked = Asked(remedy=Remedy.restart, subject="endpoint:two")
        assert await free(Installation(), backends, asked) is Outcome.done
        assert await is_ended("two")
        assert await free(Installation(), backends, asked) is Outcome.needless
    await starts("two")  # a worker has started it again, and Temporal's list may not know yet
    assert await free(Installation(), backends, asked) is Outcome.needless
    assert not await is_ended("two")
    with pytest.raises(NotFound):
        await free(Installation(), backends, replace(asked, subject="somebody-elses"))
    async with idle_centre.sessions() as session:
        kept = [one.outcome for one in await actions.latest(session, 10)]
    assert kept == ["needless", "needless", "done"]


@workflow.defn(name=maintenance.WORKFLOW)
class Waiting:
    """A run that has not done its work yet."""

    @workflow.run
    async def run(self, _: object) -> None:
        await workflow.wait_condition(lambda: False)


@workflow.defn(name=exports.SCHEDULED_WORKFLOW)
class WaitingExport(Waiting):
    """The same, of an export."""

    @workflow.run
    async def run(self, _: object) -> None:
        await workflow.wait_condition(lambda: False)


@pytest.mark.timeout(200)
@pytest.mark.parametrize("what", ["maintenance", "export"])
async def test_a_terminated_run_of_a_schedule_is_listed_and_run_again_for_when_it_was_due(
    idle_centre: Centre, command: Command, what: str
) -> None:
    client, queue = idle_centre.client, f"schedules-{uuid4().hex}"
    backends, made = Backends(idle_centre.sessions, idle_centre.conversations), uuid4()
    if what == "export":
        await export_schedules.schedule(client, queue, monthly(made))
        schedule_id, kind = f"{PREFIX}{made}", "scheduled export"
    else:
        plan = replace(PLANS[-1], every=far_interval())
        await schedule(client, queue, plan)
        schedule_id, kind = plan.schedule_id, "maintenance"
    handle, runner = client.get_schedule_handle(schedule_id), UnsandboxedWorkflowRunner()

    async def last() -> WorkflowExecution:
        return await client.get_workflow_handle(await begun(handle)).describe()

    async with Worker(
        client, task_queue=queue, workflows=[Waiting, WaitingExport], workflow_runner=runner
    ):
        await handle.trigger()
        first = await last()
        await client.get_workflow_handle(first.id).terminate()

        async def said() -> str | None:
            _, output = await command("stuck")
            return output if first.id in output else None

        assert f"{kind} workflow {first.id}" in str(await eventually(said))
        asked = Asked(remedy=Remedy.run_again, subject=first.id)
        assert await free(Installation(), backends, asked) is Outcome.done

        async def runs_again() -> bool:
            newest = await last()
            return newest.status is WorkflowExecutionStatus.RUNNING

        await eventually(runs_again)
        if what == "export":
            history = await client.get_workflow_handle(first.id).fetch_history()
            [given] = history.events[0].workflow_execution_started_event_attributes.input.payloads
            [run] = await client.data_converter.decode([given], [exports.ScheduledRun])
            assert run.due_at == first.typed_search_attributes.get(DUE_AT)
        _, output = await command("stuck")
        assert first.id not in output
        assert await free(Installation(), backends, asked) is Outcome.needless
        for one in {first.id, (await last()).id}:
            with suppress(RPCError):
                await client.get_workflow_handle(one).terminate()
    await handle.delete()


@workflow.defn(name=exports.SCHEDULED_WORKFLOW)
class BrokenExport:
    """A run of a schedule whose history nobody can replay."""

    @workflow.run
    async def run(self, _: object) -> None:
        raise RuntimeError("a history that cannot be replayed")


@pytest.mark.timeout(200)
async def test_a_scheduled_export_is_healed_however_often_it_was_started_and_fails_openly(
    idle_centre: Centre, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, queue = idle_centre.client, f"schedules-{uuid4().hex}"
    plan, runner = monthly(uuid4()), UnsandboxedWorkflowRunner()
    await export_schedules.schedule(client, queue, plan)
    handle = client.get_schedule_handle(plan.id)

    async def fails() -> bool:
        found = run_id in await idle_centre.conversations.stuck()
        await asyncio.sleep(0 if found else 0.2)
        return found

    async with Worker(client, task_queue=queue, workflows=[BrokenExport], workflow_runner=runner):
        await handle.trigger()
        run_id = await begun(handle)
        its = client.get_workflow_handle(run_id)
        await eventually(fails)
        first = await its.describe()
        with monkeypatch.context() as patient:
            patient.setattr(reconciling, "RUNS_SECONDS", LONG_SECONDS)
            code, output = await command("doctor", "--heal")
        assert code == 2, output
        assert "1 runs of schedules fail as before" in output
        second = await its.describe()
        assert first.run_id != second.run_id
        known = second.typed_search_attributes.get(DUE_AT)
        assert known is None, "Temporal gives it to what schedules start only"
        await eventually(fails)
    async with Worker(client, task_queue=queue, workflows=[WaitingExport], workflow_runner=runner):
        code, output = await command("doctor", "--heal")
        assert "fail as before" not in output
        third = await its.describe()
        assert third.run_id != second.run_id
        assert third.status is WorkflowExecutionStatus.RUNNING
        history = await its.fetch_history()
        [given] = history.events[0].workflow_execution_started_event_attributes.input.payloads
        [run] = await client.data_converter.decode([given], [exports.ScheduledRun])
        due_at = first.typed_search_attributes.get(DUE_AT)
        assert due_at
        assert run.due_at == due_at.replace(microsecond=0)
        await its.terminate()

        async def is_listed() -> bool:
            missed = await ScheduledRuns(client).missed()
            return run_id in [one.workflow_id for one in missed.runs]

        await eventually(is_listed)
        await command("doctor", "--heal")
        assert (await its.describe()).status is WorkflowExecutionStatus.RUNNING
        await its.terminate()
    await handle.delete()


async def test_runs_that_were_missed_are_measured_every_few_minutes(idle_centre: Centre) -> None:
    client, direct = idle_centre.client, idle_centre.sessions.direct
    plan = monthly(uuid4())
    await export_schedules.schedule(client, f"schedules-{uuid4().hex}", plan)
    handle = client.get_schedule_handle(plan.id)
    await handle.trigger()

    await client.get_workflow_handle(await begun(handle)).terminate()

    async def is_listed() -> bool:
        return bool((await ScheduledRuns(client).missed()).runs)

    await eventually(is_listed)
    conversations = idle_centre.conversations
    watches = Watches(
        idle_centre.sessions, conversations, Reviving(idle_centre.sessions, conversations)
    )
    await watches.sweep()
    registry, figures = CollectorRegistry(), InstallationFigures(idle_centre.sessions)
    figures.register(registry)
    await figures.look()
    assert "switchboard_runs_missed 1.0" in generate_latest(registry).decode()
    await handle.delete()
    await watches.sweep()
    assert (await measurements.kept(direct))[Kind.runs].figures == {"runs_missed": 1}, "too soon"


@workflow.defn(name=exports.SCHEDULED_WORKFLOW)
class LateExport:
    """A run of a schedule whose tasks fail after a few seconds."""

    @workflow.run
    async def run(self, _: object) -> None:
        await workflow.sleep(4)
        raise RuntimeError("what it asked did not answer")


@workflow.defn(name=exports.SCHEDULED_WORKFLOW)
class RefusedExport:
    """A run of a schedule that ends without its work after a few seconds."""

    @workflow.run
    async def run(self, _: object) -> None:
        await workflow.sleep(4)
        raise ApplicationError("what it asked refused it")


@pytest.mark.timeout(200)
@pytest.mark.parametrize(
    ("runs", "told", "code"),
    [
        (LateExport, "1 runs of schedules fail as before", 2),
        (RefusedExport, "1 runs of schedules fail as before", 2),
        (WaitingExport, "1 runs of schedules were started again and have not ended", None),
    ],
)
async def test_a_run_that_fails_some_seconds_after_it_was_started_again_is_not_healed(
    idle_centre: Centre,
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    runs: type,
    told: str,
    code: int | None,
) -> None:
    if runs is not WaitingExport:
        monkeypatch.setattr(reconciling, "RUNS_SECONDS", LONG_SECONDS)
    client, queue = idle_centre.client, f"schedules-{uuid4().hex}"
    plan, runner = monthly(uuid4()), UnsandboxedWorkflowRunner()
    await export_schedules.schedule(client, queue, plan)
    handle = client.get_schedule_handle(plan.id)
    await handle.trigger()

    its = client.get_workflow_handle(await begun(handle))
    await its.terminate()

    async def is_listed() -> bool:
        return bool((await ScheduledRuns(client).missed()).runs)

    await eventually(is_listed)
    async with Worker(client, task_queue=queue, workflows=[runs], workflow_runner=runner):
        healed, output = await command("doctor", "--heal")
    assert told in output
    assert code in (None, healed)
    with suppress(RPCError):
        await its.terminate()
    await handle.delete()


@pytest.mark.timeout(200)
@pytest.mark.parametrize("what", ["list", "schedule", "too many"])
async def test_schedules_that_cannot_be_asked_hide_nothing_else_that_is_stuck(
    idle_centre: Centre, command: Command, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    client, queue = idle_centre.client, f"schedules-{uuid4().hex}"
    plans = [monthly(uuid4()) for _ in range(2)]
    first, second = (client.get_schedule_handle(one.id) for one in plans)
    for plan in plans:
        await export_schedules.schedule(client, queue, plan)
        handle = client.get_schedule_handle(plan.id)
        await handle.trigger()

        await client.get_workflow_handle(await begun(handle)).terminate()

    async def are_listed() -> bool:
        return len((await ScheduledRuns(client).missed()).runs) == 2

    await eventually(are_listed)
    asked, shown = missed_runs.ScheduledRuns._is_left, 0 if what == "list" else 1

    async def refused(self: ScheduledRuns, one: missed_runs.MissedRun) -> bool:
        if one.schedule_id == first.id:
            raise RPCError("it cannot be described", RPCStatusCode.INTERNAL, b"")
        return await asked(self, one)

    if what == "list":
        monkeypatch.setattr(missed_runs, "QUERY", "Nonsense")
    elif what == "schedule":
        monkeypatch.setattr(ScheduledRuns, "_is_left", refused)
    else:
        monkeypatch.setattr(missed_runs, "MOST_ASKED", 1)
    code, output = await command("stuck")
    assert code == 1
    assert output.count("scheduled export workflow") == shown
    assert f"Only {shown} schedules with a failed run could be asked" in output
    _, output = await command("doctor")
    assert ("at least 1" in output) is (shown == 1)
    found = await find(Installation(), Backends(idle_centre.sessions, idle_centre.conversations))
    assert (found.temporal_answers, found.runs.is_whole) == (True, False)
    assert found.counts[Trouble.missed_run] == shown
    await first.delete()
    await second.delete()
