"""Texts with which lines are tried, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Consumer, LineTest, Message

BY_TURNS = sql("SELECT pg_advisory_xact_lock(hashtextextended('line test ' || :made_by, 0))")
COLUMNS = (
    *(Message.id, Message.line_id, Consumer.number, Message.text, Message.status),
    *(Message.written_at, Message.status_at, Message.failure_code, Message.failure_sentence),
    *(Message.provider_code, Message.provider_message),
)


@dataclass(frozen=True)
class SentTest:
    """A text with which a line was tried. What failed has a code, our sentence, and maybe the
    provider's own code and words.
    """

    id: UUID
    line_id: str
    number: str
    text: str
    status: str
    written_at: datetime
    status_at: datetime
    failure_code: str | None
    failure_sentence: str | None
    provider_code: str | None
    provider_message: str | None


async def count(session: AsyncSession, made_by: str, since: datetime) -> int:
    """Return how many somebody sent since a time. Of many at once, each sees those before."""
    await session.execute(BY_TURNS, {"made_by": made_by})
    query = select(func.count()).where(LineTest.made_by == made_by, LineTest.made_at > since)
    return int(await session.scalar(query) or 0)


async def add(
    session: AsyncSession, message_id: UUID, line_id: str, made_by: str, now: datetime
) -> None:
    """Keep that a text tries a line."""
    session.add(LineTest(message_id=message_id, line_id=line_id, made_by=made_by, made_at=now))
    await session.flush()


async def find(session: AsyncSession, line_id: str, message_id: UUID) -> SentTest | None:
    """Return a text that tried a line; None: there is none with this id."""
    row = (await session.execute(_of(line_id).where(Message.id == message_id))).one_or_none()
    return SentTest(*row) if row else None


async def latest(session: AsyncSession, line_id: str, limit: int) -> Sequence[SentTest]:
    """Return the latest texts that tried a line, the newest first."""
    query = _of(line_id).order_by(LineTest.made_at.desc(), Message.id).limit(limit)
    return [SentTest(*row) for row in await session.execute(query)]


def _of(line_id: str) -> Select[*tuple[Any, ...]]:
    return (
        select(*COLUMNS)
        .join(LineTest, LineTest.message_id == Message.id)
        .join(Consumer, Consumer.id == Message.consumer_id)
        .where(LineTest.line_id == line_id)
    )
