"""Runs of schedules that ended before their work was done, and that nothing does again soon."""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from temporalio.client import (
    Client,
    ScheduleDescription,
    WorkflowExecution,
    WorkflowExecutionStatus,
)
from temporalio.common import SearchAttributeKey, WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from domain.errors import Unavailable
from temporal.conversations import AWAY, LIST_TIMEOUT, SIGNAL_TIMEOUT
from temporal.namespaces import lacks_workflow
from temporal.standings import standing_of
from workflows.exports import messages as exports
from workflows.exports.schedules import PREFIX
from workflows.maintenance import messages as maintenance

SOON = timedelta(minutes=30)
"""What runs again within this time is left to its schedule. Ours."""
ASKED_AT_ONCE = 32
"""Schedules. Ours: after an outage each connector's has a run that was not done."""
MOST_ASKED = 500
"""Schedules of which a run failed, the latest ones. Ours: more than an operator goes through."""
ASKS_SECONDS = 10.0
"""For how long schedules are asked. Ours: the status page waits for it, and a small server answered
for 30 of them a second.
"""
EXPORT_RUN = re.compile(rf"({PREFIX}[0-9a-f-]{{36}})-(\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")
"""How Temporal names the workflow of a schedule's run: after the schedule, and when it was due."""
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
class Missed:
    """Runs that did not do their work. `asked`: schedules; `is_whole`: there are no others."""

    runs: Sequence[MissedRun]
    asked: int = 0
    is_whole: bool = True


UNKNOWN = Missed((), is_whole=False)
"""What is known while Temporal does not list runs."""


@dataclass(frozen=True)
class ScheduledRuns:
    """The runs of our schedules."""

    client: Client

    async def missed(self) -> Missed:
        """Return runs that did not do their work, if nothing has run or runs soon after them.

        A schedule that does not answer hides no other. Raises `Unavailable` if there is no list.
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

    async def is_done(self, missed: MissedRun) -> bool | None:
        """Say whether a run that was run again did its work; None: it has not ended yet.

        It did not if its tasks fail, or it has ended without. Raises `Unavailable`.
        """
        try:
            workflow_id = await self._again(missed)
            if workflow_id is None:
                return None
            handle = self.client.get_workflow_handle(workflow_id)
            status = (await handle.describe(rpc_timeout=SIGNAL_TIMEOUT)).status
        except AWAY as error:
            raise Unavailable from error
        if status is not WorkflowExecutionStatus.RUNNING:
            return status not in UNDONE
        return False if (await standing_of(self.client, workflow_id)).is_failing else None

    async def _again(self, missed: MissedRun) -> str | None:
        """Return the workflow that does the work of a run again; None: it has not begun yet."""
        if missed.kind == exports.SCHEDULED_WORKFLOW:
            return missed.workflow_id
        handle = self.client.get_schedule_handle(missed.schedule_id)
        last = _last(await handle.describe(rpc_timeout=SIGNAL_TIMEOUT))
        return None if last == missed.workflow_id else last

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

    async def _missed(self) -> Missed:
        newest, is_whole = await self._newest()
        slots, ends_at = asyncio.Semaphore(ASKED_AT_ONCE), time.monotonic() + ASKS_SECONDS

        async def is_missed(one: MissedRun) -> bool | None:
            async with slots:
                return await self._is_missed(one) if time.monotonic() < ends_at else None

        asked = await asyncio.gather(*(is_missed(one) for one in newest))
        return Missed(
            [one for one, is_so in zip(newest, asked, strict=True) if is_so],
            len(asked) - asked.count(None),
            is_whole and None not in asked,
        )

    async def _newest(self) -> tuple[list[MissedRun], bool]:
        """Return each schedule's last run that failed, and whether these are all schedules."""
        newest: dict[str, MissedRun] = {}
        is_whole = True
        async for found in self.client.list_workflows(QUERY, rpc_timeout=LIST_TIMEOUT):
            one = _read(found)
            if one is None:
                continue
            if one.schedule_id not in newest and len(newest) >= MOST_ASKED:
                is_whole = False
            elif one.due_at >= newest.get(one.schedule_id, one).due_at:
                newest[one.schedule_id] = one
        return list(newest.values()), is_whole

    async def _is_missed(self, one: MissedRun) -> bool | None:
        """Say whether nothing does the work of a run; None: Temporal does not say."""
        try:
            return await self._is_left(one) and await self._is_undone(one)
        except AWAY:
            return None

    async def _is_left(self, missed: MissedRun) -> bool:
        """Say whether it is its schedule's last run, and the next one is not soon."""
        try:
            handle = self.client.get_schedule_handle(missed.schedule_id)
            described = await handle.describe(rpc_timeout=SIGNAL_TIMEOUT)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        soon = datetime.now(UTC) + SOON
        if any(at < soon for at in described.info.next_action_times):
            return False
        return not described.info.recent_actions or _last(described) == missed.workflow_id

    async def _is_undone(self, missed: MissedRun) -> bool:
        """Say whether no later run of the same workflow does or did its work."""
        handle = self.client.get_workflow_handle(missed.workflow_id)
        try:
            return (await handle.describe(rpc_timeout=SIGNAL_TIMEOUT)).status in UNDONE
        except RPCError as error:
            if lacks_workflow(error):  # Temporal has forgotten it
                return False
            raise


def _last(described: ScheduleDescription) -> str | None:
    """Return the workflow of a schedule's last run."""
    actions = described.info.recent_actions
    return getattr(actions[-1].action, "workflow_id", None) if actions else None


def _read(found: WorkflowExecution) -> MissedRun | None:
    """Return a workflow as a run; one that was started again has no attributes of its schedule."""
    schedule_id = found.typed_search_attributes.get(SCHEDULE)
    due_at = found.typed_search_attributes.get(DUE_AT)
    if schedule_id is None:
        named = EXPORT_RUN.fullmatch(found.id)
        if named is None or found.workflow_type != exports.SCHEDULED_WORKFLOW:
            return None
        schedule_id, due_at = named[1], datetime.fromisoformat(named[2])
    return MissedRun(
        *(found.id, schedule_id, found.workflow_type, due_at or found.start_time),
        *(found.close_time, found.task_queue),
    )
