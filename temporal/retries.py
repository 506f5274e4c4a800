"""Makes an activity that waits for its next attempt try again at once."""

import asyncio
from datetime import timedelta

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetActivityRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from domain.errors import Unavailable

TIMEOUT = timedelta(seconds=3)
"""Ours, as long as a signal may take."""


async def retry_now(client: Client, activity: str, workflow_id: str) -> None:
    """End the pause before the next attempt of an activity, if it has one.

    Raises `Unavailable`. A server that cannot do this leaves the activity as it is: it is tried
    again when its pause ends.
    """
    request = ResetActivityRequest(
        namespace=client.namespace,
        execution=WorkflowExecution(workflow_id=workflow_id),
        identity=client.identity,
        type=activity,
    )
    try:
        async with asyncio.timeout(TIMEOUT.total_seconds()):
            await client.workflow_service.reset_activity(request, timeout=TIMEOUT)
    except RPCError as error:
        if error.status not in (RPCStatusCode.NOT_FOUND, RPCStatusCode.UNIMPLEMENTED):
            raise Unavailable from error
    except TimeoutError as error:
        raise Unavailable from error
