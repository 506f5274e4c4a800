"""What workflows of conversations know of themselves."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from domain.errors import Unavailable
from temporal.namespaces import lacks_workflow
from workflows.conversation.messages import ConversationSnapshot

TIMEOUT = timedelta(seconds=5)
"""Ours: a worker may have to replay a whole history first."""
SILENT = (
    RPCStatusCode.CANCELLED,  # by the SDK, when the time is over
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.FAILED_PRECONDITION,
)


class Silent(Exception):
    """No worker answers for the workflow, or its tasks fail."""


@dataclass(frozen=True)
class KnownStep:
    """The newest step that a workflow knows of its conversation."""

    conversation_id: str
    sequence: int


async def known_step(client: Client, workflow_id: str) -> KnownStep | None:
    """Return the newest step a workflow knows; None without a conversation, or a workflow.

    Raises `Silent`, `Unavailable`.
    """
    handle = client.get_workflow_handle(workflow_id)
    try:
        async with asyncio.timeout(2 * TIMEOUT.total_seconds()):
            told = await handle.query(
                "state", result_type=ConversationSnapshot, rpc_timeout=TIMEOUT
            )
    except (WorkflowQueryFailedError, TimeoutError) as error:
        raise Silent(workflow_id) from error
    except RPCError as error:
        if lacks_workflow(error):
            return None
        raise (Silent(workflow_id) if error.status in SILENT else Unavailable()) from error
    snapshot = ConversationSnapshot.model_validate(told)
    state = snapshot.conversation
    return KnownStep(state.id, state.sequence) if state else None
