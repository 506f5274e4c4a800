"""The client of batches' workflows: wakes one, and starts it if none runs."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from domain.batches.kinds import BatchStatus
from domain.errors import Unavailable
from temporal.conversations import AWAY
from workflows.batches.messages import LOOK, WORKFLOW, BatchRun, workflow_id
from workflows.conversation.messages import CONVERSATIONS_QUEUE

TIMEOUT = timedelta(seconds=3)
"""Ours: a worker wakes a batch as well that nobody saw to."""


@dataclass(frozen=True)
class BatchClient:
    """Reaches the workflows of batches."""

    client: Client
    task_queue: str = CONVERSATIONS_QUEUE

    async def was_cancelled(self, batch_id: UUID) -> bool:
        """Say whether the batch's latest workflow ended because it was cancelled.

        Raises `Unavailable`.
        """
        handle = self.client.get_workflow_handle(workflow_id(batch_id), result_type=str)
        try:
            described = await handle.describe(rpc_timeout=TIMEOUT)
            if described.status is not WorkflowExecutionStatus.COMPLETED:
                return False
            ended: str | None = await handle.result(rpc_timeout=TIMEOUT)
        except AWAY as error:
            if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise Unavailable from error
        return ended == BatchStatus.cancelled

    async def wake(self, batch_id: UUID, settled: int) -> None:
        """Make the batch's workflow look at its state; start it if none runs. Safe to repeat.

        `settled`: how many recipients count as known to be done with if it is started: all of them
        where an earlier workflow may have sent texts that the database does not know of. Raises
        `Unavailable`.
        """
        try:
            await self.client.start_workflow(
                WORKFLOW,
                BatchRun(batch_id=batch_id, settled=settled),
                id=workflow_id(batch_id),
                task_queue=self.task_queue,
                start_signal=LOOK,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                rpc_timeout=TIMEOUT,
            )
        except AWAY as error:
            raise Unavailable from error
