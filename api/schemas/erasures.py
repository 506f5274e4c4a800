"""Erasures of numbers, and what is held about one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from api.schemas.shared import Answer, Request, example
from database.queries.retention import WouldGo
from database.tables import Erasure
from domain.erasure.kinds import LONGEST_REASON, SHORTEST_REASON, ErasureStatus
from services.erasing.erasures import COUNTED, Held, WhoseNumber

Counts = Annotated[
    dict[str, int], Field(description="Numbers of things by kind, such as messages and files.")
]


class NewErasure(Request):
    """Whose number is erased, and why. Name either a consumer or a number."""

    model_config = example(number="+14155550123", reason="Asked for by mail, case 4711")

    consumer_id: UUID | None = None
    number: str | None = Field(
        default=None, max_length=100, pattern=r"^[^\x00]*$", description="In any spelling."
    )
    with_merged: bool = Field(
        default=False, description="With all numbers that were found to be the same consumer's."
    )
    reason: str = Field(
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        pattern=r"^[^\x00]*$",
        description="Kept, without the number.",
    )

    @property
    def whose(self) -> WhoseNumber:
        return WhoseNumber(self.consumer_id, self.number, self.with_merged)


class ErasureOut(Answer):
    """An erasure: who asked for it, how far it is, and what was erased so far."""

    id: UUID
    consumer_id: UUID
    """What is left of the consumer: a row without a number."""
    numbers: int
    """How many numbers are erased."""
    reason: str
    status: ErasureStatus
    counts: Counts
    agent_id: str | None
    token_id: str | None
    asked_at: datetime
    detached_at: datetime | None
    """Since when the number is nobody's: a text from it is a new consumer's."""
    ended_at: datetime | None

    @classmethod
    def of(cls, row: Erasure) -> Self:
        return cls(
            id=row.id,
            consumer_id=row.consumer_id,
            numbers=len(row.consumer_ids),
            reason=row.reason,
            status=ErasureStatus(row.status),
            counts=row.counts,
            agent_id=row.agent_id,
            token_id=row.token_id,
            asked_at=row.asked_at,
            detached_at=row.detached_at,
            ended_at=row.ended_at,
        )


class HeldAboutOut(Answer):
    """What is held about a number."""

    consumer_id: UUID
    merged: int
    """How many other numbers were found to be the same consumer's."""
    counts: Counts

    @classmethod
    def of(cls, held: Held) -> Self:
        counts: Mapping[str, int] = held.counts
        return cls(consumer_id=held.consumer.id, merged=held.merged, counts=dict(counts))


class WouldGoOut(Answer):
    """How much a number of days would erase at once; of a skill, conversations only."""

    conversations: int
    messages: int
    """Texts of no conversation, such as notifications to which nobody replied."""
    batch_texts: int
    """Recipients of batches."""
    calls: int
    at_least: list[str] = Field(
        description="Names of the fields above of which there may be more: of each kind, the "
        f"{COUNTED:,} oldest are looked at."
    )

    @classmethod
    def of(cls, found: WouldGo) -> Self:
        counts = {kind: found.counts[kind] for kind in cls.model_fields if kind != "at_least"}
        return cls(**counts, at_least=sorted(found.at_least))
