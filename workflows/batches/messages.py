"""What the workflows of batches are given and return: ids and counts, never a number or a text."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

WORKFLOW = "Batch"
SLICE_WORKFLOW = "BatchSlice"
WRITE_RECIPIENTS = "write_recipients"
LOOK = "look"
"""The signal: somebody has started, paused, resumed or cancelled the batch."""
SLICE = 1000
"""Recipients of a slice. Ours: a hundred slices for the largest batch."""


def workflow_id(batch_id: UUID) -> str:
    """Return the id of a batch's workflow."""
    return f"batch/{batch_id}"


class Message(BaseModel):
    """Fields may be added; unknown ones are ignored, so that versions can work together."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class BatchRun(Message):
    """A run of a batch's workflow. `settled`: recipients who are known to be done with.

    `slices`: how many slices earlier runs have done.
    """

    batch_id: UUID
    settled: int = 0
    slices: int = 0


class SliceRequest(Message):
    """A slice of a batch. `settled`: recipients who are known to be done with."""

    batch_id: UUID
    settled: int = 0


class SliceDone(Message):
    """What became of a slice. `taken`: recipients it has looked at.

    `status`: of the batch, `domain.batches.kinds.BatchStatus`. `wait_seconds`: until there is
    something to do; None: there is now.
    """

    status: str
    taken: int = 0
    settled: int = 0
    wait_seconds: float | None = None
