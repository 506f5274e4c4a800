"""Texts of found conversations, in which a search looks for its words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Consumer, Conversation, Message

MOST_TEXTS = 5_000
"""Texts that are looked through for one page. Ours: fifty conversations of a hundred texts."""


@dataclass(frozen=True)
class SaidText:
    """A text of a transcript."""

    conversation_id: UUID
    message_id: UUID
    author: str
    text: str
    written_at: datetime


async def texts_of(session: AsyncSession, ids: Collection[UUID]) -> Sequence[SaidText]:
    """Return what people wrote in some conversations, the newest first."""
    if not ids:
        return []
    query = (
        select(
            *(Message.conversation_id, Message.id, Message.author),
            *(Message.text, Message.written_at),
        )
        .where(Message.conversation_id.in_(ids), Message.automatic.is_(None))
        .order_by(Message.written_at.desc())
        .limit(MOST_TEXTS)
    )
    found = []
    for conversation_id, one, author, text, at in await session.execute(query):
        if conversation_id is not None:
            found.append(SaidText(conversation_id, one, author, text, at))
    return found


async def shown(
    session: AsyncSession, account_id: str, ids: Collection[UUID]
) -> Mapping[UUID, tuple[Conversation, Consumer]]:
    """Return conversations and their consumers as they are now, by the conversations' ids."""
    query = (
        select(Conversation, Consumer)
        .join(Consumer, Consumer.id == Conversation.consumer_id)
        .where(Conversation.account_id == account_id, Conversation.id.in_(ids))
    )
    return {one.id: (one, consumer) for one, consumer in await session.execute(query)}
