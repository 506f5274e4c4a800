"""Where stuck conversations belong: accounts, lines, and the conversation of a workflow."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Account, Conversation, Line, Message
from domain.ids import thread_in

QUEUED = sql("message.status = 'queued'")
"""Written out, so that the index of texts that were not sent fits."""
MANY_TRIES = 5
"""Attempts after which a text that has not left is shown to operators. Ours."""


@dataclass(frozen=True)
class Place:
    """A conversation without its consumer. `at`: when something last happened in it."""

    conversation_id: UUID
    workflow_id: str
    account_id: str
    line_id: str
    status: str
    at: datetime


@dataclass(frozen=True)
class Names:
    """What accounts and lines are called, and whose lines are, by their ids."""

    accounts: Mapping[str, str]
    lines: Mapping[str, str]
    account_of: Mapping[str, str]


@dataclass(frozen=True)
class HardToSend:
    """A text of ours that was tried again and again and has not left."""

    message_id: UUID
    conversation_id: UUID | None
    account_id: str
    line_id: str
    tries: int
    written_at: datetime
    code: str | None
    """Of its last failure."""


PLACE = select(
    Conversation.id,
    Conversation.workflow_id,
    Conversation.account_id,
    Conversation.line_id,
    Conversation.status,
    Conversation.last_message_at,
    Conversation.opened_at,
)


async def of_conversations(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Place]:
    """Return the places of conversations."""
    found = await session.execute(PLACE.where(Conversation.id.in_(ids)))
    return {row.id: Place(*row[:5], row[5] or row[6]) for row in found}


async def of_workflows(session: AsyncSession, ids: Collection[str]) -> dict[str, Place]:
    """Return the place of the newest conversation of each workflow."""
    threads = [(line, UUID(consumer)) for line, consumer in filter(None, map(thread_in, ids))]
    of_them = tuple_(Conversation.line_id, Conversation.consumer_id).in_(threads)
    found = await session.execute(PLACE.where(of_them).order_by(Conversation.number))
    return {row.workflow_id: Place(*row[:5], row[5] or row[6]) for row in found}


async def names(session: AsyncSession) -> Names:
    """Return what accounts and lines are called, retired lines too."""
    accounts = await session.execute(select(Account.id, Account.name))
    lines = (await session.execute(select(Line.id, Line.name, Line.account_id))).all()
    return Names(
        {row[0]: row[1] for row in accounts},
        {row[0]: row[1] for row in lines},
        {row[0]: row[2] for row in lines},
    )


async def hard_to_send(session: AsyncSession, limit: int) -> Sequence[HardToSend]:
    """Return texts that were tried often and have not left, the oldest first."""
    query = (
        select(
            *(Message.id, Message.conversation_id, Message.account_id, Message.line_id),
            *(Message.attempts, Message.written_at, Message.failure_code),
        )
        .where(
            QUEUED,
            Message.provider_message_id.is_(None),
            Message.attempts >= MANY_TRIES,
        )
        .order_by(Message.written_at)
        .limit(limit)
    )
    return [HardToSend(*row) for row in await session.execute(query)]
