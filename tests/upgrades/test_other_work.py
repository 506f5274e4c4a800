"""Workflows besides conversations' whose tasks fail: they are listed, and freed."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio import workflow
from temporalio.client import WorkflowExecution, WorkflowExecutionStatus
from temporalio.service import RPCError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from database.queries.operating import actions
from domain.errors import NotFound
from domain.exporting.spans import Every
from services.backends import Backends
from services.installation import Installation
from services.operating.freeing import Asked, Outcome, free
from services.operating.stuck import Remedy
from temporal.missed_runs import DUE_AT
from tests.fixtures.centre import Centre, eventually
from tests.upgrades.conftest import Command
from workflows.endpoints.messages import WORKFLOW, EndpointRequest
from workflows.exports import messages as exports
from workflows.exports import schedules as export_schedules
from workflows.exports.schedules import PREFIX, ExportPlan
from workflows.maintenance import messages as maintenance
from workflows.maintenance.messages import PLANS
from workflows.maintenance.schedules import schedule


@workflow.defn(name=WORKFLOW)
class Broken:
    """What an endpoint's workflow is after a restore that left it a history nobody can replay."""

    @workflow.run
    async def run(self, _: EndpointRequest) -> None:
        raise RuntimeError("a history that cannot be replayed")


@pytest.mark.timeout(200)
async def test_an_endpoint_whose_workflow_fails_is_listed_and_ended_so_that_workers_start_it_anew(
    idle_centre: Centre, command: Command
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
        await export_schedules.schedule(client, queue, ExportPlan(made, Every.month, 5, "UTC"))
        schedule_id, kind = f"{PREFIX}{made}", "scheduled export"
    else:
        plan = replace(PLANS[-1], every=timedelta(days=1))
        await schedule(client, queue, plan)
        schedule_id, kind = plan.schedule_id, "maintenance"
    handle, runner = client.get_schedule_handle(schedule_id), UnsandboxedWorkflowRunner()

    async def last() -> WorkflowExecution:
        async def begun() -> str | None:
            actions = (await handle.describe()).info.recent_actions
            action = actions[-1].action if actions else None
            return getattr(action, "workflow_id", None)

        return await client.get_workflow_handle(str(await eventually(begun))).describe()

    async with Worker(
        client, task_queue=queue, workflows=[Waiting, WaitingExport], workflow_runner=runner
    ):
        await handle.trigger()
        begun = await last()
        await client.get_workflow_handle(begun.id).terminate()

        async def said() -> str | None:
            _, output = await command("stuck")
            return output if begun.id in output else None

        assert f"{kind} workflow {begun.id}" in str(await eventually(said))
        asked = Asked(remedy=Remedy.run_again, subject=begun.id)
        assert await free(Installation(), backends, asked) is Outcome.done

        async def runs_again() -> bool:
            newest = await last()
            return newest.status is WorkflowExecutionStatus.RUNNING

        await eventually(runs_again)
        if what == "export":
            history = await client.get_workflow_handle(begun.id).fetch_history()
            [given] = history.events[0].workflow_execution_started_event_attributes.input.payloads
            [run] = await client.data_converter.decode([given], [exports.ScheduledRun])
            assert run.due_at == begun.typed_search_attributes.get(DUE_AT)
        _, output = await command("stuck")
        assert begun.id not in output
        assert await free(Installation(), backends, asked) is Outcome.needless
        for one in {begun.id, (await last()).id}:
            with suppress(RPCError):
                await client.get_workflow_handle(one).terminate()
    await handle.delete()
