"""Which processes ask Temporal for work on conversations."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from domain.errors import Unavailable
from temporal.conversations import AWAY

PATIENCE = timedelta(seconds=5)


async def polled_at(client: Client, task_queue: str) -> Mapping[str, datetime]:
    """Return when each process last asked for work, by its identity. Raises `Unavailable`.

    A process that waits for work asks again after a minute at most.
    """
    request = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=task_queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            found = await client.workflow_service.describe_task_queue(request, timeout=PATIENCE)
    except AWAY as error:
        raise Unavailable from error
    return {one.identity: one.last_access_time.ToDatetime(UTC) for one in found.pollers}
