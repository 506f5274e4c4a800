"""The client of batches' workflows: wakes one, and starts it if none runs."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy

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

    async def wake(self, batch_id: UUID) -> None:
        """Make the batch's workflow look at its state; start it if none runs. Safe to repeat.

        Raises `Unavailable`.
        """
        try:
            await self.client.start_workflow(
                WORKFLOW,
                BatchRun(batch_id=batch_id),
                id=workflow_id(batch_id),
                task_queue=self.task_queue,
                start_signal=LOOK,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                rpc_timeout=TIMEOUT,
            )
        except AWAY as error:
            raise Unavailable from error
