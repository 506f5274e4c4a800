"""Workflows besides conversations' whose tasks fail: they are listed, and freed."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest
from temporalio import workflow
from temporalio.client import WorkflowExecutionStatus
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from database.queries.operating import actions
from domain.errors import NotFound
from services.backends import Backends
from services.installation import Installation
from services.operating.freeing import Asked, Outcome, free
from services.operating.stuck import Remedy
from tests.fixtures.centre import Centre, eventually
from tests.upgrades.conftest import Command
from workflows.endpoints.messages import WORKFLOW, EndpointRequest


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
        assert "workflow endpoint:one" in output
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
