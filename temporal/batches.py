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
