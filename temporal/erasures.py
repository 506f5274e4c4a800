"""The client of erasures: starts their workflows, and deletes histories of conversations."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from domain.errors import Unavailable
from temporal.conversations import AWAY
from workflows.conversation.messages import CONVERSATIONS_QUEUE
from workflows.erasure.messages import WORKFLOW, ErasureRun, workflow_id

TIMEOUT = timedelta(seconds=3)
DELETING_TIMEOUT = timedelta(seconds=10)


@dataclass(frozen=True)
class ErasureClient:
    """Reaches the workflows of erasures."""

    client: Client
    task_queue: str = CONVERSATIONS_QUEUE

    async def start(self, account_id: str, consumer_id: UUID, erasure_id: UUID) -> None:
        """Start an erasure's workflow if none runs. Safe to repeat. Raises `Unavailable`."""
        try:
            async with asyncio.timeout(TIMEOUT.total_seconds()):
                await self.client.start_workflow(
                    WORKFLOW,
                    ErasureRun(erasure_id=erasure_id),
                    id=workflow_id(account_id, consumer_id),
                    task_queue=self.task_queue,
                    id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                    rpc_timeout=TIMEOUT,
                )
        except AWAY as error:
            raise Unavailable from error


@dataclass(frozen=True)
class Histories:
    """Deletes what Temporal keeps of conversations."""

    client: Client

    async def delete(self, conversation_workflow: str) -> int:
        """Ask Temporal to delete all ended runs of a workflow. Returns how many it has still.

        Temporal does it in the background; a run that goes on is terminated first. Raises
        `Unavailable`.
        """
        try:
            async with asyncio.timeout(6 * DELETING_TIMEOUT.total_seconds()):
                return await self._delete(conversation_workflow)
        except AWAY as error:
            raise Unavailable from error

    async def _delete(self, id_: str) -> int:
        runs = await self._runs(id_)
        for run, status in runs.items():
            handle = self.client.get_workflow_handle(id_, run_id=run)
            try:
                if status is WorkflowExecutionStatus.RUNNING:
                    await handle.terminate("erased", rpc_timeout=TIMEOUT)
                await self._ask(id_, run)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
        return len(runs)

    async def _runs(self, id_: str) -> dict[str, WorkflowExecutionStatus | None]:
        """Return the runs of a workflow, also the last one, which lists show a moment later."""
        listed = self.client.list_workflows(f'WorkflowId = "{id_}"', rpc_timeout=DELETING_TIMEOUT)
        runs = {one.run_id: one.status async for one in listed}
        try:
            last = await self.client.get_workflow_handle(id_).describe(rpc_timeout=TIMEOUT)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return runs
        return runs | {last.run_id: last.status}

    async def _ask(self, id_: str, run: str) -> None:
        request = DeleteWorkflowExecutionRequest(
            namespace=self.client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=id_, run_id=run),
        )
        await self.client.workflow_service.delete_workflow_execution(
            request, timeout=DELETING_TIMEOUT
        )
