"""Texts that are to leave and have not: why they wait, and whether somebody is at them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from database.tables import Connector, Conversation, Line, Message
from domain.delivery.delays import Delay
from domain.delivery.message_status import MessageStatus

LEFT_ALONE_AFTER = timedelta(minutes=1)
UNSENT = (MessageStatus.queued.value, MessageStatus.sending.value, MessageStatus.unknown.value)


async def unsent(session: AsyncSession, conversation_id: UUID) -> Sequence[Delay]:
    """Return the texts of a conversation that the provider is not known to have, in order."""
    query = (
        select(
            Message.id,
            Message.status,
            Message.ask_at,
            Message.attempted_at,
            Connector.may_overtake_unconfirmed,
        )
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Line, Line.id == Conversation.line_id)
        .join(Connector, Connector.id == Line.connector_id)
        .where(
            Message.conversation_id == conversation_id,
            Message.status.in_(UNSENT),
            Message.provider_message_id.is_(None),
        )
        .order_by(Message.position)
    )
    rows = await session.execute(query)
    return [
        Delay(row.id, MessageStatus(row.status), row.ask_at, row.attempted_at, row[4])
        for row in rows
    ]


async def count_left_alone(
    session: AsyncSession, now: datetime, *, after: timedelta = LEFT_ALONE_AFTER
) -> int:
    """Count texts `queued` or `sending` that nobody has been at for so long.

    That is: no attempt, no question to the provider and nothing arranged for later. A text that
    only waits for one before it in its conversation is not counted, and a text in doubt holds
    up nobody once it is asked about no more. Zero when workers do their work.
    """
    before = aliased(Message)
    is_first = ~(
        select(before.id)
        .where(
            before.conversation_id == Message.conversation_id,
            before.position < Message.position,
            before.status.in_(UNSENT),
            before.provider_message_id.is_(None),
            (before.status != MessageStatus.unknown.value) | before.ask_at.is_not(None),
        )
        .exists()
    )
    # greatest() passes over what is null
    last_at = func.greatest(Message.written_at, Message.attempted_at, Message.ask_at)
    query = select(func.count()).where(
        Message.status.in_((MessageStatus.queued.value, MessageStatus.sending.value)),
        last_at < now - after,
        (Message.status == MessageStatus.queued.value) | Message.ask_at.is_not(None),
        is_first | (Message.status == MessageStatus.sending.value),
    )
    return await session.scalar(query) or 0
