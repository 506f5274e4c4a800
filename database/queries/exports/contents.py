"""What exports hold of conversations: messages and events, in the order of the conversations."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from database.tables import Event, Message

NOT_TOLD = frozenset({"history_missing"})
"""Kinds of events that are bookkeeping of ours."""


async def messages(
    session: AsyncSession, ids: Sequence[UUID], after: int, limit: int
) -> Sequence[Message]:
    """Return entries of transcripts, after a position of each."""
    query = _of(Message, Message.conversation_id, Message.position, ids, after)
    return (await session.scalars(query.limit(limit))).all()


async def events(
    session: AsyncSession, ids: Sequence[UUID], after: int, limit: int
) -> Sequence[Event]:
    """Return events of conversations, after an id."""
    query = _of(Event, Event.conversation_id, Event.id, ids, after)
    query = query.where(Event.kind.not_in(NOT_TOLD))
    return (await session.scalars(query.limit(limit))).all()


def _of(
    table: Any,
    conversation_id: InstrumentedAttribute[UUID | None],
    place: InstrumentedAttribute[Any],
    ids: Sequence[UUID],
    after: int,
) -> Any:
    wanted = literal(list(ids), ARRAY(Uuid))
    query = select(table).where(conversation_id == any_(wanted), place > after)
    return query.order_by(func.array_position(wanted, conversation_id), place)
