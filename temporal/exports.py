"""The client of exports' workflows: starts one if none runs."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy

from domain.errors import Unavailable
from temporal.conversations import AWAY
from workflows.conversation.messages import CONVERSATIONS_QUEUE
from workflows.exports.messages import WORKFLOW, ExportRun, workflow_id

TIMEOUT = timedelta(seconds=3)
"""Ours: a worker starts an export as well that nobody saw to."""


@dataclass(frozen=True)
class ExportClient:
    """Reaches the workflows of exports."""

    client: Client
    task_queue: str = CONVERSATIONS_QUEUE

    async def start(self, export_id: UUID) -> None:
        """Start an export's workflow unless one runs. Safe to repeat. Raises `Unavailable`."""
        try:
            await self.client.start_workflow(
                WORKFLOW,
                ExportRun(export_id=export_id),
                id=workflow_id(export_id),
                task_queue=self.task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                rpc_timeout=TIMEOUT,
            )
        except AWAY as error:
            raise Unavailable from error
