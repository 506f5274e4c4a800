"""What the workflow of an erasure is given and returns: ids, never a number."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

WORKFLOW = "Erasure"
ERASE = "erase"


def workflow_id(account_id: str, consumer_id: UUID) -> str:
    """Return the id of the workflow that erases a consumer."""
    return f"erasure/{account_id}/{consumer_id}"


class Message(BaseModel):
    """Fields may be added; unknown ones are ignored, so that versions can work together."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ErasureRun(Message):
    """The erasure that a run carries out."""

    erasure_id: UUID


class ErasureGoesOn(Message):
    """How far an erasure is: `domain.erasure.kinds.ErasureStatus`.

    `wait_seconds`: until something else has come to its end; None: there is more to do now.
    """

    status: str
    wait_seconds: float | None = None
