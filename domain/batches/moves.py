"""Where a batch may go: what a person or a program does with it, and from which states."""

from collections.abc import Mapping
from enum import StrEnum

from domain.batches.kinds import BatchStatus
from domain.errors import Conflict


class Move(StrEnum):
    """What is done with a batch."""

    start = "start"
    pause = "pause"
    resume = "resume"
    cancel = "cancel"


DRAFT, RUNNING, PAUSED = BatchStatus.draft, BatchStatus.running, BatchStatus.paused
MOVES: Mapping[Move, tuple[tuple[BatchStatus, ...], BatchStatus]] = {
    Move.start: ((DRAFT,), RUNNING),
    Move.pause: ((RUNNING,), PAUSED),
    Move.resume: ((PAUSED,), RUNNING),
    Move.cancel: ((DRAFT, RUNNING, PAUSED), BatchStatus.cancelled),
}
"""From where each leads where."""
NOT_NOW: Mapping[BatchStatus, str] = {
    BatchStatus.draft: "The batch is a draft: start it first.",
    BatchStatus.running: "The batch is running.",
    BatchStatus.paused: "The batch is paused: resume or cancel it.",
    BatchStatus.cancelled: "The batch was cancelled. Copy it to send it to others.",
    BatchStatus.done: "The batch is done. Copy it to send it to others.",
}


def moved(status: BatchStatus, move: Move) -> BatchStatus | None:
    """Return the state that a move leads to; None: the batch is there already.

    Raises `Conflict` for a move that is not possible from there.
    """
    sources, target = MOVES[move]
    if status is target:
        return None
    if status not in sources:
        raise Conflict(NOT_NOW[status])
    return target


def check_draft(status: BatchStatus) -> None:
    """Raise `Conflict` for a batch that takes no recipients any more."""
    if status is not BatchStatus.draft:
        raise Conflict("Recipients are added before a batch is started. Copy it for others.")
