"""What the workflow of an endpoint is started with, and what its activity answers."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict

WORKFLOW = "Endpoint"
DELIVER = "deliver_events"
WAKE = "wake"
ALIVE_WITHIN = timedelta(seconds=60)
"""A worker that is silent for longer has died. Ours: until then nobody posts to its endpoints."""


def endpoints_queue(task_queue: str) -> str:
    """Return the task queue for the endpoints of a queue of conversations.

    It is separate so that slow receivers delay no conversation.
    """
    return f"{task_queue}-endpoints"


def workflow_id(endpoint_id: str) -> str:
    return f"endpoint:{endpoint_id}"


class EndpointRequest(BaseModel):
    """The endpoint that a workflow posts to. All else about it is in the database."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    endpoint_id: str


class DeliveryResult(BaseModel):
    """How a run of the activity ended. `pause_seconds`: when to look again; None: when woken."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    is_retired: bool = False
    pause_seconds: float | None = None
