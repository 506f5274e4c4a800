"""Runs of schedules that ended before their work was done, and that nothing does again soon."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus
from temporalio.common import SearchAttributeKey, WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from domain.errors import Unavailable
from temporal.conversations import AWAY, LIST_TIMEOUT, SIGNAL_TIMEOUT
from temporal.namespaces import lacks_workflow
from workflows.exports import messages as exports
from workflows.exports.schedules import PREFIX
from workflows.maintenance import messages as maintenance

SOON = timedelta(minutes=30)
"""What runs again within this time is left to its schedule. Ours."""
ASKED_AT_ONCE = 32
"""Schedules. Ours: after an outage each connector's has a run that was not done."""
SCHEDULE = SearchAttributeKey.for_keyword("TemporalScheduledById")
DUE_AT = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")
UNDONE = frozenset(
    {
        WorkflowExecutionStatus.FAILED,
        WorkflowExecutionStatus.TERMINATED,
        WorkflowExecutionStatus.TIMED_OUT,
    }
)
QUERY = (
    f'WorkflowType IN ("{exports.SCHEDULED_WORKFLOW}", "{maintenance.WORKFLOW}") '
    'AND ExecutionStatus IN ("Failed", "Terminated", "TimedOut")'
)


@dataclass(frozen=True)
class MissedRun:
    """A run of a schedule that did not do its work. `due_at`: when it was to begin."""

    workflow_id: str
    schedule_id: str
    kind: str
    due_at: datetime
    ended_at: datetime | None
    task_queue: str


@dataclass(frozen=True)
class ScheduledRuns:
    """The runs of our schedules."""

    client: Client

    async def missed(self) -> list[MissedRun]:
        """Return runs that did not do their work, if nothing has run or runs soon after them.

        Raises `Unavailable`.
        """
        try:
            async with asyncio.timeout(LIST_TIMEOUT.total_seconds()):
                return await self._missed()
        except AWAY as error:
            raise Unavailable from error

    async def run_again(self, missed: MissedRun) -> None:
        """Do the work of such a run now; an export's, for the days it was to hold.

        Safe to repeat. Raises `Unavailable`.
        """
        try:
            async with asyncio.timeout(SIGNAL_TIMEOUT.total_seconds()):
                await self._run(missed)
        except AWAY as error:
            raise Unavailable from error

    async def run_of(self, workflow_id: str) -> MissedRun | None:
        """Return a workflow as a run of its schedule; None if it is none. Raises `Unavailable`."""
        try:
            handle = self.client.get_workflow_handle(workflow_id)
            return _read(await handle.describe(rpc_timeout=SIGNAL_TIMEOUT))
        except AWAY as error:
            if lacks_workflow(error):
                return None
            raise Unavailable from error

    async def _run(self, missed: MissedRun) -> None:
        if missed.kind != exports.SCHEDULED_WORKFLOW:
            handle = self.client.get_schedule_handle(missed.schedule_id)
            await handle.trigger(rpc_timeout=SIGNAL_TIMEOUT)
            return
        schedule_id = UUID(missed.schedule_id.removeprefix(PREFIX))
        await self.client.start_workflow(
            exports.SCHEDULED_WORKFLOW,
            exports.ScheduledRun(schedule_id=schedule_id, due_at=missed.due_at),
            id=missed.workflow_id,
            task_queue=missed.task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            rpc_timeout=SIGNAL_TIMEOUT,
        )

    async def _missed(self) -> list[MissedRun]:
        newest: dict[str, MissedRun] = {}
        async for found in self.client.list_workflows(QUERY, rpc_timeout=LIST_TIMEOUT):
            one = _read(found)
            if one and one.due_at >= newest.get(one.schedule_id, one).due_at:
                newest[one.schedule_id] = one
        slots = asyncio.Semaphore(ASKED_AT_ONCE)

        async def is_missed(one: MissedRun) -> bool:
            async with slots:
                return await self._is_left(one) and await self._is_undone(one)

        asked = await asyncio.gather(*(is_missed(one) for one in newest.values()))
        return [one for one, is_so in zip(newest.values(), asked, strict=True) if is_so]

    async def _is_left(self, missed: MissedRun) -> bool:
        """Say whether it is its schedule's last run, and the next one is not soon."""
        try:
            handle = self.client.get_schedule_handle(missed.schedule_id)
            info = (await handle.describe(rpc_timeout=SIGNAL_TIMEOUT)).info
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        last = info.recent_actions[-1].action if info.recent_actions else None
        is_last = last is None or getattr(last, "workflow_id", None) == missed.workflow_id
        soon = datetime.now(UTC) + SOON
        return is_last and not any(at < soon for at in info.next_action_times)

    async def _is_undone(self, missed: MissedRun) -> bool:
        """Say whether no later run of the same workflow does or did its work."""
        handle = self.client.get_workflow_handle(missed.workflow_id)
        try:
            return (await handle.describe(rpc_timeout=SIGNAL_TIMEOUT)).status in UNDONE
        except RPCError as error:
            if lacks_workflow(error):  # Temporal has forgotten it
                return False
            raise


def _read(found: WorkflowExecution) -> MissedRun | None:
    schedule_id = found.typed_search_attributes.get(SCHEDULE)
    if schedule_id is None:
        return None
    due_at = found.typed_search_attributes.get(DUE_AT) or found.start_time
    return MissedRun(
        *(found.id, schedule_id, found.workflow_type, due_at, found.close_time, found.task_queue)
    )
