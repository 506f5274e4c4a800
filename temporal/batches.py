"""The client of batches' workflows: wakes one, and starts it if none runs."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from cryptography.fernet import InvalidToken
from temporalio.api.common.v1 import Payloads
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy

from domain.batches.kinds import BatchStatus
from domain.errors import Unavailable
from temporal.conversations import AWAY
from temporal.namespaces import lacks_workflow
from workflows.batches.messages import LOOK, WORKFLOW, BatchRun, Message, workflow_id
from workflows.conversation.messages import CONVERSATIONS_QUEUE

TIMEOUT = timedelta(seconds=3)
"""Ours: a worker wakes a batch as well that nobody saw to."""

RUNS = (WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.CONTINUED_AS_NEW)


class Told(Message):
    """What the messages of a batch and of its slices have in common."""

    settled: int = 0


@dataclass(frozen=True)
class Waking:
    """A batch to be woken. `never_ran`: no workflow has looked at it, by all that is known."""

    batch_id: UUID
    recipients: int
    never_ran: bool


@dataclass(frozen=True)
class BatchClient:
    """Reaches the workflows of batches."""

    client: Client
    task_queue: str = CONVERSATIONS_QUEUE

    async def was_cancelled(self, batch_id: UUID) -> bool:
        """Say whether the batch's latest workflow ended because it was cancelled.

        Raises `Unavailable`.
        """
        try:
            if await self._status(batch_id) is not WorkflowExecutionStatus.COMPLETED:
                return False
            handle = self.client.get_workflow_handle(workflow_id(batch_id), result_type=str)
            ended: str | None = await handle.result(rpc_timeout=TIMEOUT)
        except AWAY as error:
            raise Unavailable from error
        return ended == BatchStatus.cancelled

    async def wake(self, batch: Waking) -> None:
        """Make a batch's workflow look at its state; start it if none runs. Safe to repeat.

        Raises `Unavailable`.
        """
        try:
            settled = await self._settled(batch)
            await self.client.start_workflow(
                WORKFLOW,
                BatchRun(batch_id=batch.batch_id, settled=settled),
                id=workflow_id(batch.batch_id),
                task_queue=self.task_queue,
                start_signal=LOOK,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                rpc_timeout=TIMEOUT,
            )
        except AWAY as error:
            raise Unavailable from error

    async def _settled(self, batch: Waking) -> int:
        """Return how many recipients count as known to be done with if a workflow is started.

        What an earlier one knew, if it was ended from outside, as operators do with one that fails:
        then the database knows as much, unless it was restored as well. All recipients if it is not
        known which texts have left: a workflow that had ended by itself shows that the database was
        restored, and one that Temporal has forgotten cannot be asked.
        """
        status = await self._status(batch.batch_id)
        if status in RUNS:
            return 0  # it keeps what it knows
        if status is None:
            return 0 if batch.never_ran else batch.recipients
        if status is WorkflowExecutionStatus.COMPLETED:
            return batch.recipients
        try:
            return await self._known_by_the_last(batch.batch_id)
        except InvalidToken:  # its key is gone
            return batch.recipients

    async def _status(self, batch_id: UUID) -> WorkflowExecutionStatus | None:
        """Return the state of a batch's newest workflow; None: Temporal knows none."""
        handle = self.client.get_workflow_handle(workflow_id(batch_id))
        try:
            return (await handle.describe(rpc_timeout=TIMEOUT)).status
        except AWAY as error:
            if lacks_workflow(error):
                return None
            raise

    async def _known_by_the_last(self, batch_id: UUID) -> int:
        """Return what the newest workflow of a batch and its newest slice knew to be done with."""
        known, newest = 0, None
        handle = self.client.get_workflow_handle(workflow_id(batch_id))
        async for event in _events(handle):
            known = max(known, await self._told(event))
            child = event.child_workflow_execution_started_event_attributes.workflow_execution
            newest = child if child.workflow_id else newest
        if newest is None:
            return known
        part = self.client.get_workflow_handle(newest.workflow_id, run_id=newest.run_id)
        async for event in _events(part):
            known = max(known, await self._told(event))
        return known

    async def _told(self, event: HistoryEvent) -> int:
        """Return what an event of a history says to be done with."""
        told = [
            one.settled
            for payloads in (
                event.workflow_execution_started_event_attributes.input,
                event.child_workflow_execution_completed_event_attributes.result,
                event.activity_task_completed_event_attributes.result,
            )
            for one in await self._read(payloads)
        ]
        return max(told, default=0)

    async def _read(self, payloads: Payloads) -> list[Told]:
        if not payloads.payloads:
            return []
        return await self.client.data_converter.decode(payloads.payloads, [Told])


async def _events(handle: WorkflowHandle[object, object]) -> AsyncIterator[HistoryEvent]:
    """Yield the events of a history; none if it is gone."""
    try:
        async for event in handle.fetch_history_events(rpc_timeout=TIMEOUT):
            yield event
    except AWAY as error:
        if not lacks_workflow(error):
            raise
