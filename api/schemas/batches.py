"""Batches: one notification to many consumers."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field

from api.batch_files import why_bad, why_left_out
from api.schemas.origins import ContextOut
from api.schemas.shared import Answer, Request, example
from database.tables import Batch, BatchUpload
from domain.batches.kinds import BadRow, BatchStatus, LeftOut, Stopped
from domain.batches.places import upload_and_line
from domain.batches.progress import RecipientOutcome
from services.notifying.checking import Check
from services.notifying.inputs import MOST_AT_ONCE, RecipientIn
from services.notifying.recipients import Read
from services.notifying.results import Progress


class RecipientsIn(Request):
    """Recipients to add to a batch in draft. Send a file for more at a time."""

    model_config = example(recipients=[{"number": "+12025550123", "values": {"name": "Cleo"}}])

    recipients: Annotated[list[RecipientIn], Field(min_length=1, max_length=MOST_AT_ONCE)]


class UploadOut(Answer):
    """A file or a list that was added. `bad`: rows that make no recipient, by reason."""

    number: int
    name: str
    encoding: str
    good: int
    bad: dict[BadRow, int]
    is_whole: bool
    uploaded_at: datetime


class BatchOut(Answer):
    """A batch. Times in seconds. `stopped_because`: what paused it by itself."""

    id: UUID
    line_id: str
    skill_id: str
    title: str
    text: str
    look_back_seconds: int
    context: ContextOut
    send_from: datetime | None
    window_from: time | None
    window_until: time | None
    consent_evidence: str | None
    consent_column: str | None
    adds_how_to_stop: bool
    status: BatchStatus
    stopped_because: Stopped | None
    recipients: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class BatchDetail(BatchOut):
    """A batch with its uploads."""

    uploads: list[UploadOut]

    @classmethod
    def of(cls, batch: Batch, uploads: Sequence[BatchUpload]) -> Self:
        return cls(
            **BatchOut.model_validate(batch).model_dump(),
            uploads=[UploadOut.model_validate(one) for one in uploads],
        )


class FiguresOut(Answer):
    """Recipients by what became of them; each is counted once among the first nine.

    `held`: by quiet hours, the last of them until `held_until`. `queued`: the text is about to
    leave. `answered`: within the look-back. `opted_out`: texted STOP within it.
    """

    recipients: int
    waiting: int
    held: int
    queued: int
    in_progress: int
    sent: int
    delivered: int
    failed: int
    left_out: int
    failed_because: dict[str, int]
    left_out_because: dict[LeftOut, int]
    answered: int
    opted_out: int
    segments_left: int
    held_until: datetime | None


class BatchProgress(BatchDetail):
    """A batch with its figures. `ends_at`: an estimate; null: nobody can say yet."""

    figures: FiguresOut
    ends_at: datetime | None

    @classmethod
    def at(cls, found: Progress) -> Self:
        detail = BatchDetail.of(found.batch, found.uploads)
        return cls(
            **detail.model_dump(),
            figures=FiguresOut.model_validate(found.figures),
            ends_at=found.ends_at,
        )


class BadRowOut(Answer):
    """A row that makes no recipient. `detail`: such as the column that is empty."""

    upload: int
    line: int
    reason: BadRow
    why: str
    detail: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        upload, line = upload_and_line(row["place"])
        return cls(
            upload=upload,
            line=line,
            reason=row["reason"],
            why=why_bad(row["reason"]),
            detail=row["detail"],
        )


class ReadOut(Answer):
    """What became of an upload. `recipients`: of the whole batch.

    `bad`: rows that make no recipient, by reason; the first 100 are told, and all are in the list
    of bad rows. `known`: the upload in which the same file was read before. `stopped_at`: null for
    a whole file; otherwise the lines after it are not read: send the same file again to go on.
    """

    upload: int
    name: str
    encoding: str
    good: int
    bad: dict[BadRow, int]
    told: list[BadRowOut]
    known: int | None
    stopped_at: int | None
    recipients: int

    @classmethod
    def of(cls, read: Read) -> Self:
        return cls(
            upload=read.upload,
            name=read.name,
            encoding=read.encoding,
            good=read.good,
            bad=dict(read.bad),
            told=[BadRowOut.of(row) for row in read.told],
            known=read.known,
            stopped_at=read.stopped_at,
            recipients=read.recipients,
        )


class CostOut(Answer):
    """An estimate, by what the provider charged for the line's last texts."""

    amount: float
    currency: str
    per_segment: float


class HeldOut(Answer):
    """Recipients whom quiet hours hold at the start, until `until` at the latest."""

    recipients: int
    until: datetime | None


class CheckOut(Answer):
    """What would become of a batch if it were started now.

    `unicode`: texts that need more segments because of the characters `forced_by`. `cost`: null:
    no price of the line is known. `seconds`: how long the line takes, quiet hours aside; null: it
    has no pace.
    """

    gets_it: int
    left_out: dict[LeftOut, int]
    bad: dict[BadRow, int]
    segments: int
    fewest_segments: int
    most_segments: int
    unicode: int
    forced_by: str
    cost: CostOut | None
    seconds: float | None
    held: HeldOut

    @classmethod
    def of(cls, check: Check) -> Self:
        return cls.model_validate(check)


class TestSent(Answer):
    """The text that was sent to a number of one's own."""

    __test__ = False
    text: str


class ResultOut(Answer):
    """A recipient, and what became of them. `why`: they were left out, or the text failed."""

    upload: int
    line: int
    number: str
    consumer_id: UUID | None
    notification_id: UUID | None
    status: RecipientOutcome
    reason: str | None
    why: str | None
    provider_code: str | None
    held_until: datetime | None
    sent_at: datetime | None
    status_at: datetime | None
    segments: int | None
    answered_at: datetime | None
    conversation_id: UUID | None
    opted_out: bool

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        upload, line = upload_and_line(row["place"])
        left_out = row["left_out"]
        return cls(
            **{name: row[name] for name in SAME},
            upload=upload,
            line=line,
            notification_id=row["message_id"],
            status=row["outcome"],
            reason=left_out or row["failure_code"],
            why=why_left_out(left_out) if left_out else row["failure_sentence"],
            held_until=row["held_until"] if row["outcome"] == RecipientOutcome.held else None,
        )


SAME = (
    *("number", "consumer_id", "provider_code", "sent_at", "status_at", "segments"),
    *("answered_at", "conversation_id", "opted_out"),
)
