"""Workflows of conversations whose tasks fail or time out again and again."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from temporalio.client import Client, WorkflowExecution
from temporalio.common import SearchAttributeKey

from domain.errors import Unavailable
from temporal.conversations import AWAY, LIST_TIMEOUT, SIGNAL_TIMEOUT, STUCK
from workflows.conversation.messages import WORKFLOW
from workflows.search_attributes import CONVERSATION

VERSION = SearchAttributeKey.for_keyword("TemporalWorkerDeploymentVersion")
"""Temporal's own: deployment and build id of what is pinned, or was last worked on."""


@dataclass(frozen=True)
class Failing:
    """A workflow that does not get on. `conversation_id`: None before its first step."""

    workflow_id: str
    conversation_id: str | None
    version: str | None
    """The version of workers it is on; None: workers have none."""
    since: datetime
    attempts: int


async def failing(client: Client) -> Sequence[Failing]:
    """Return the workflows whose tasks keep failing. Raises `Unavailable`."""
    query = f'WorkflowType = "{WORKFLOW}" AND {STUCK}'
    try:
        async with asyncio.timeout(LIST_TIMEOUT.total_seconds()):
            found = client.list_workflows(query, rpc_timeout=LIST_TIMEOUT)
            return [await _described(client, one) async for one in found]
    except AWAY as error:
        raise Unavailable from error


async def _described(client: Client, found: WorkflowExecution) -> Failing:
    handle = client.get_workflow_handle(found.id)
    task = (await handle.describe(rpc_timeout=SIGNAL_TIMEOUT)).raw_description.pending_workflow_task
    began = task.original_scheduled_time
    known = found.typed_search_attributes
    return Failing(
        found.id,
        known.get(CONVERSATION),
        (known.get(VERSION) or "").partition(":")[2] or None,
        began.ToDatetime(UTC) if began.seconds else found.start_time,
        task.attempt,
    )
