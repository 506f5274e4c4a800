"""Rows of texts on their way out: claimed before the call, released or settled after it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct, Row, within
from database.queries.consent import ACCOUNT_SCOPE, LINE_SCOPE
from database.queries.events import NewEvent, append
from database.tables import Conversation, Message
from domain.words import EventKind, MessageStatus

OWNED_SINCE = timedelta(days=2)
"""How far back other texts' provider ids are looked up when one of ours is sought."""


# What a `Departure` is made of, in its order, after the status.
FOUND = """
    message.id, message.account_id, message.conversation_id, conversation.consumer_id,
    conversation.line_id, message.provider_message_id, message.text, message.is_consent_reply,
    message.written_at, message.attempted_at, message.resent, line.address, line.kind,
    consumer.number, connector.provider, connector.secret, connector.api_url,
    connector.resend_unconfirmed
"""
LOCK = f"""
    SELECT message.status, {FOUND}
    FROM message
    JOIN conversation ON conversation.id = message.conversation_id
    JOIN consumer ON consumer.id = conversation.consumer_id
    JOIN line ON line.id = conversation.line_id
    JOIN connector ON connector.id = line.connector_id
    WHERE message.id = %(message_id)s
    FOR UPDATE OF message
""".encode()  # noqa: S608 - names of our own columns

# The same with the gate for opt-outs and the claim, in one round trip. It waits for nobody:
# whether the consumer opted out meanwhile would have to be looked at again after the wait.
CLAIM_AT_ONCE = f"""
    WITH free AS (
        SELECT id FROM message
        WHERE id = %(message_id)s AND status = 'queued'
        FOR UPDATE SKIP LOCKED
    )
    UPDATE message
    SET status = 'sending', status_at = %(now)s, attempts = attempts + 1, attempted_at = %(now)s
    FROM free, conversation
    JOIN consumer ON consumer.id = conversation.consumer_id
    JOIN line ON line.id = conversation.line_id
    JOIN connector ON connector.id = line.connector_id
    WHERE message.id = free.id AND conversation.id = message.conversation_id AND (
        message.is_consent_reply OR NOT EXISTS (
            SELECT FROM consent
            WHERE consumer_id = consumer.id AND is_opted_out
              AND scope IN (%(account_scope)s, %(line_scope)s || line.id)
        )
    )
    RETURNING 'queued', {FOUND}
""".encode()  # noqa: S608 - names of our own columns


@dataclass(frozen=True)
class Departure:
    """A text that is to leave, and all that is needed to hand it to its provider."""

    status: MessageStatus
    message_id: UUID
    account_id: str
    conversation_id: UUID
    consumer_id: UUID
    line_id: str
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


async def claim_at_once(direct: Direct, message_id: UUID, now: datetime) -> Departure | None:
    """Claim a text that may leave and that nobody else is at; what is returned was committed.

    None says nothing about the text: lock it and look.
    """
    values = {"message_id": message_id, "now": now, "account_scope": ACCOUNT_SCOPE}
    row = await direct.one(CLAIM_AT_ONCE, values | {"line_scope": LINE_SCOPE})
    return _departure(row) if row else None


async def lock_departure(session: AsyncSession, message_id: UUID) -> Departure | None:
    """Return a text with its row locked until the transaction ends; None when there is none."""
    row = await within(session)(LOCK, {"message_id": message_id})
    return _departure(row) if row else None


def _departure(row: Row) -> Departure:
    return Departure(MessageStatus(row[0]), *row[1:])


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
