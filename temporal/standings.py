"""How single workflows stand at Temporal."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionResponse,
    GetWorkflowExecutionHistoryReverseRequest,
)
from temporalio.client import Client

from domain.errors import Unavailable
from temporal.conversations import AWAY
from temporal.namespaces import lacks_workflow

PATIENCE = timedelta(seconds=5)
AT_ONCE = 10
"""Workflows described in parallel. Ours: Temporal is asked by an operator, not by consumers."""
PAGE, MOST_PAGES = 250, 4
"""Of the last events that are looked through. Ours: signals come while tasks fail."""
FAILURES = (
    EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
)


@dataclass(frozen=True)
class Standing:
    """A workflow's newest run. `version`: the build id it stays on, None if it may move.

    `tries`: how often its current workflow task was started, 0 while it has none. `task_since`:
    since when it has this task, which is given out again after each failure.
    """

    is_running: bool
    began_at: datetime | None
    ended_at: datetime | None
    tries: int
    task_since: datetime | None
    version: str | None
    kind: str | None = None
    """The type of the workflow."""

    @property
    def is_failing(self) -> bool:
        """Say whether its task failed or timed out at least once and was given out again."""
        return self.is_running and self.tries > 1


GONE = Standing(False, None, None, 0, None, None)
"""Of a workflow that Temporal does not know, or no longer."""


async def standing_of(client: Client, workflow_id: str) -> Standing:
    """Return how a workflow stands. Raises `Unavailable`."""
    handle = client.get_workflow_handle(workflow_id)
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            found = await handle.describe(rpc_timeout=PATIENCE)
    except AWAY as error:
        if lacks_workflow(error):
            return GONE
        raise Unavailable from error
    return _read(found.raw_description)


async def failing_since(
    client: Client, standings: Mapping[str, Standing]
) -> Mapping[str, datetime | None]:
    """Return since when the tasks of workflows fail, from their histories.

    All together get as long as one call: of what does not answer in this time, it is since when
    the current task waits. Histories are long, so nobody should ask this of healthy workflows.
    """
    turns, loop = asyncio.Semaphore(AT_ONCE), asyncio.get_running_loop()
    ends_at = loop.time() + PATIENCE.total_seconds()

    async def one(workflow_id: str, standing: Standing) -> datetime | None:
        try:
            async with asyncio.timeout_at(ends_at), turns:
                return await _failing_since(client, workflow_id, standing)
        except AWAY:
            return standing.task_since

    found = await asyncio.gather(*(one(*each) for each in standings.items()))
    return dict(zip(standings, found, strict=True))


async def _failing_since(client: Client, workflow_id: str, standing: Standing) -> datetime | None:
    if not (standing.is_running and standing.tries):
        return standing.task_since
    failed_at, completed_at = await _since_completed(client, workflow_id)
    last_completed = completed_at if standing.is_failing else None
    return failed_at or last_completed or standing.task_since


async def _since_completed(
    client: Client, workflow_id: str
) -> tuple[datetime | None, datetime | None]:
    """Return when a task first failed after the last one that was completed, and when that was.

    Temporal keeps the first failure, and one more after each signal, with which it begins to count
    tries anew; the pending task's own time is that of its last try.
    """
    request = GetWorkflowExecutionHistoryReverseRequest(
        namespace=client.namespace,
        execution=WorkflowExecution(workflow_id=workflow_id),
        maximum_page_size=PAGE,
    )
    failed_at = None
    for _ in range(MOST_PAGES):
        found = await client.workflow_service.get_workflow_execution_history_reverse(
            request, timeout=PATIENCE
        )
        for event in found.history.events:
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
                return failed_at, _moment(event.event_time)
            if event.event_type in FAILURES:
                failed_at = _moment(event.event_time)
        if not found.next_page_token:
            break
        request.next_page_token = found.next_page_token
    return failed_at, None


async def standings_of(client: Client, workflow_ids: Collection[str]) -> Mapping[str, Standing]:
    """Return how several workflows stand. Those that do not answer are left out.

    Raises `Unavailable` when as many as are asked at once do not answer, or none at all.
    """
    found, distinct = dict[str, Standing](), list(dict.fromkeys(workflow_ids))
    for begin in range(0, len(distinct), AT_ONCE):
        asked = distinct[begin : begin + AT_ONCE]
        told = await asyncio.gather(*(_standing_if_told(client, one) for one in asked))
        answers = {one: standing for one, standing in zip(asked, told, strict=True) if standing}
        if not answers and (len(asked) == AT_ONCE or not found):
            raise Unavailable
        found |= answers
    return found


async def _standing_if_told(client: Client, workflow_id: str) -> Standing | None:
    try:
        return await standing_of(client, workflow_id)
    except Unavailable:
        return None


def _read(found: DescribeWorkflowExecutionResponse) -> Standing:
    info, task = found.workflow_execution_info, found.pending_workflow_task
    has_task = found.HasField("pending_workflow_task")
    versioning = info.versioning_info
    is_moving = versioning.versioning_override.auto_upgrade
    pinned_to = versioning.deployment_version.build_id
    return Standing(
        is_running=not info.HasField("close_time"),
        began_at=_moment(info.start_time),
        ended_at=_moment(info.close_time),
        tries=task.attempt if has_task else 0,
        task_since=_moment(task.original_scheduled_time) if has_task else None,
        version=None if is_moving else pinned_to or None,
        kind=info.type.name or None,
    )


def _moment(at: Timestamp) -> datetime | None:
    return at.ToDatetime(UTC) if at.seconds else None
