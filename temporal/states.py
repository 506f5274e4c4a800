"""What workflows of conversations know of themselves."""

import asyncio
from datetime import timedelta

from temporalio.client import (
    Client,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from domain.errors import Unavailable
from temporal.namespaces import lacks_workflow
from workflows.conversation.messages import KNOWN, TOLD, KnownStep

TIMEOUT = timedelta(seconds=5)
"""Ours: a worker may have to replay a whole history first."""
SILENT = (
    RPCStatusCode.CANCELLED,  # by the SDK, when the time is over
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.FAILED_PRECONDITION,
    RPCStatusCode.RESOURCE_EXHAUSTED,  # as many commands wait for an answer already
)


class Silent(Exception):
    """No worker answers for the workflow, or its tasks fail."""


async def known_step(client: Client, workflow_id: str) -> KnownStep | None:
    """Return the newest step a workflow knows; None without a conversation, or a workflow.

    It is asked by an update that it refuses, which leaves nothing in its history. A query could
    break it: on a busy worker, SDK 1.35 gives it signals of a history that no task has begun with,
    and it decides on them before it decides on what stands with them in that task.

    Raises `Silent`, `Unavailable`.
    """
    handle = client.get_workflow_handle(workflow_id)
    try:
        async with asyncio.timeout(2 * TIMEOUT.total_seconds()):
            await handle.execute_update(KNOWN, rpc_timeout=TIMEOUT)
    except WorkflowUpdateFailedError as error:
        return _told(workflow_id, error)
    except (WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError) as error:
        raise Silent(workflow_id) from error
    except RPCError as error:
        if lacks_workflow(error):
            return None
        raise (Silent(workflow_id) if error.status in SILENT else Unavailable()) from error
    raise Silent(workflow_id)


def _told(workflow_id: str, refused: WorkflowUpdateFailedError) -> KnownStep | None:
    """Return what a refusal tells. Raises `Silent` for workers of 0.1.0, which do not know it."""
    cause = refused.cause
    if not isinstance(cause, ApplicationError) or cause.type != TOLD:
        raise Silent(workflow_id) from refused
    return KnownStep.model_validate(cause.details[0]) if cause.details else None
