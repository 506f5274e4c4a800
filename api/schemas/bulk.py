"""Actions for many conversations, and how far they have got."""

from datetime import datetime
from typing import Self
from uuid import UUID

from api.schemas.shared import Answer
from database.tables import BulkItem
from domain.board.kinds import BulkKind, BulkStatus, ItemState
from services.supervising.bulk import JobShown
from services.supervising.inputs import BulkAction


class BulkJobOut(Answer):
    """An action for many conversations. `undoes`: the job that it takes back. `undone_by`: the job
    that takes this one back. `can_be_undone`: whether `undo` is possible once it is over.
    """

    id: UUID
    action: BulkAction
    status: BulkStatus
    agent_id: str
    total: int
    waiting: int
    done: int
    refused: int
    undoes: UUID | None
    undone_by: UUID | None
    can_be_undone: bool
    created_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, shown: JobShown) -> Self:
        job, progress = shown.job, shown.progress
        is_first = job.undoes is None and shown.undone_by is None
        return cls(
            id=job.id,
            action=BulkAction.model_validate(job.input),
            status=BulkStatus(job.status),
            agent_id=job.agent_id,
            total=job.total,
            waiting=progress.waiting,
            done=progress.done,
            refused=progress.refused,
            undoes=job.undoes,
            undone_by=shown.undone_by,
            can_be_undone=is_first and BulkKind(job.kind).can_be_undone and progress.done > 0,
            created_at=job.created_at,
            ended_at=job.ended_at,
        )


class BulkItemOut(Answer):
    """One conversation of a job. `code` and `sentence` say why it was refused."""

    conversation_id: UUID
    state: ItemState
    code: str | None
    sentence: str | None
    done_at: datetime | None

    @classmethod
    def of(cls, item: BulkItem) -> Self:
        return cls.model_validate(item)


class BulkCount(Answer):
    """How many conversations pass filters: at most one more than a job may have."""

    count: int
    most: int
