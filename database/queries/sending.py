"""Rows of texts on their way out: claimed before the call, released or settled after it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.events import NewEvent, append
from database.tables import Connector, Consumer, Conversation, Line, Message
from domain.words import EventKind, MessageStatus

OWNED_SINCE = timedelta(days=2)
"""How far back other texts' provider ids are looked up when one of ours is sought."""


@dataclass(frozen=True)
class Departure:
    """A text that is to leave, and all that is needed to hand it to its provider."""

    message_id: UUID
    account_id: str
    conversation_id: UUID
    consumer_id: int
    line_id: str
    status: MessageStatus
    provider_message_id: str | None
    text: str
    is_consent_reply: bool
    written_at: datetime
    attempted_at: datetime | None
    resent: bool
    sender: str
    sender_kind: str
    recipient: str
    provider: str
    secret: bytes
    api_url: str | None
    resend_unconfirmed: bool


async def lock_departure(session: AsyncSession, message_id: UUID) -> Departure | None:
    """Return a text with its row locked until the transaction ends; None when there is none."""
    query = (
        select(
            Message.id.label("message_id"),
            Message.account_id,
            Message.conversation_id,
            Conversation.consumer_id,
            Conversation.line_id,
            Message.status,
            Message.provider_message_id,
            Message.text,
            Message.is_consent_reply,
            Message.written_at,
            Message.attempted_at,
            Message.resent,
            Line.address.label("sender"),
            Line.kind.label("sender_kind"),
            Consumer.number.label("recipient"),
            Connector.provider,
            Connector.secret,
            Connector.api_url,
            Connector.resend_unconfirmed,
        )
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Consumer, Consumer.id == Conversation.consumer_id)
        .join(Line, Line.id == Conversation.line_id)
        .join(Connector, Connector.id == Line.connector_id)
        .where(Message.id == message_id)
        .with_for_update(of=Message)
    )
    row = (await session.execute(query)).mappings().one_or_none()
    if row is None:
        return None
    return Departure(**{**row, "status": MessageStatus(row["status"])})


async def claim(session: AsyncSession, message_id: UUID, now: datetime) -> None:
    """Mark a text as being handed over. To be committed before the provider is called."""
    await session.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(
            status=MessageStatus.sending.value,
            status_at=now,
            attempts=Message.attempts + 1,
            attempted_at=now,
        )
    )


async def release(session: AsyncSession, message_id: UUID, *, resent: bool = False) -> None:
    """Put a text back that certainly did not leave, so that it may be tried again.

    The one way a status falls, and only while no provider id says that the text was taken.
    """
    doubtful = [MessageStatus.sending.value, MessageStatus.unknown.value]
    values: dict[str, object] = {"status": MessageStatus.queued.value}
    values |= {"failure_code": None, "failure_sentence": None}
    if resent:
        values["resent"] = True
    await session.execute(
        update(Message)
        .where(
            Message.id == message_id,
            Message.status.in_(doubtful),
            Message.provider_message_id.is_(None),
        )
        .values(values)
    )


async def leave_unconfirmed(
    session: AsyncSession, departure: Departure, sentence: str, now: datetime
) -> None:
    """Tell the agent that it will stay unknown whether a text was sent."""
    await session.execute(
        update(Message)
        .where(Message.id == departure.message_id, Message.status == MessageStatus.unknown.value)
        .values(failure_code="unconfirmed", failure_sentence=sentence, status_at=now)
    )
    data = {
        "message_id": str(departure.message_id),
        "status": MessageStatus.unknown.value,
        "failure_code": "unconfirmed",
    }
    event = NewEvent(EventKind.message_status, now, departure.conversation_id, data=data)
    await append(session, departure.account_id, [event])


async def owned_provider_ids(session: AsyncSession, departure: Departure) -> frozenset[str]:
    """Return the provider's ids of other recent texts to the same consumer on the line."""
    query = (
        select(Message.provider_message_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(
            Conversation.consumer_id == departure.consumer_id,
            Conversation.line_id == departure.line_id,
            Message.provider_message_id.is_not(None),
            Message.written_at > departure.written_at - OWNED_SINCE,
        )
    )
    return frozenset(found for found in await session.scalars(query) if found)
