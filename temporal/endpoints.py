"""Wakes the workflows of endpoints."""

from datetime import timedelta

from temporalio.client import Client
from temporalio.service import RPCError

from domain.errors import Unavailable
from workflows.endpoints.messages import (
    WAKE,
    WORKFLOW,
    EndpointRequest,
    endpoints_queue,
    workflow_id,
)

TIMEOUT = timedelta(seconds=5)
"""Ours: far above the time of a call."""


async def wake_endpoint(client: Client, task_queue: str, endpoint_id: str) -> None:
    """Wake the workflow of an endpoint, or start it. Raises `Unavailable`."""
    try:
        await client.start_workflow(
            WORKFLOW,
            EndpointRequest(endpoint_id=endpoint_id),
            id=workflow_id(endpoint_id),
            task_queue=endpoints_queue(task_queue),
            start_signal=WAKE,
            rpc_timeout=TIMEOUT,
        )
    except (RPCError, RuntimeError) as error:
        raise Unavailable from error
