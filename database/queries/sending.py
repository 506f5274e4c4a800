"""Rows of texts on their way out: claimed before the call, released or settled after it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct, Row, within
from database.queries.consent import ACCOUNT_SCOPE, LINE_SCOPE
from database.queries.delivery import told
from database.queries.events import NewEvent, append
from database.tables import Conversation, Message
from domain.conversation.kinds import EventKind
from domain.delivery.message_status import MessageStatus

OWNED_SINCE = timedelta(days=2)
"""How far back other texts' provider ids are looked up when one of ours is sought."""


# What a `Departure` is made of, in its order, after the status.
FOUND = """
    message.id, message.account_id, message.conversation_id, conversation.workflow_id,
    conversation.consumer_id, conversation.line_id, message.provider_message_id, message.text,
    message.is_consent_reply, message.written_at, message.attempted_at, message.resent,
    message.ask_at, message.questions, line.address, line.kind, consumer.number, connector.id,
    connector.provider, connector.secret, connector.api_url, connector.resend_unconfirmed,
    connector.may_overtake_unconfirmed
"""
JOINED = """
    conversation
    JOIN consumer ON consumer.id = conversation.consumer_id
    JOIN line ON line.id = conversation.line_id
    JOIN connector ON connector.id = line.connector_id
"""
LOOK_SQL = f"""
    SELECT message.status, {FOUND}
    FROM message, {JOINED}
    WHERE message.id = %(message_id)s AND conversation.id = message.conversation_id
"""  # noqa: S608 - names of our own columns
LOOK = LOOK_SQL.encode()
LOCK = f"{LOOK_SQL} FOR UPDATE OF message".encode()

# The gate for opt-outs.
MAY_LEAVE = """
    message.is_consent_reply OR NOT EXISTS (
        SELECT FROM consent
        WHERE consumer_id = consumer.id AND is_opted_out
          AND scope IN (%(account_scope)s, %(line_scope)s || line.id)
    )
"""

# The gate and the claim in one round trip. It waits for nobody: whether the consumer opted out
# meanwhile would have to be looked at again after the wait.
CLAIM_AT_ONCE = f"""
    WITH free AS (
        SELECT id FROM message
        WHERE id = %(message_id)s AND status = 'queued'
        FOR UPDATE SKIP LOCKED
    )
    UPDATE message
    SET status = 'sending', status_at = %(now)s, attempts = attempts + 1, attempted_at = %(now)s,
        ask_at = %(ask_at)s, questions = 0
    FROM free, {JOINED}
    WHERE message.id = free.id AND conversation.id = message.conversation_id AND ({MAY_LEAVE})
    RETURNING 'queued', {FOUND}
""".encode()  # noqa: S608 - names of our own columns

# A text in doubt is handed over once more: it stays `unknown` until something is known.
CLAIM_AGAIN = f"""
    UPDATE message
    SET resent = true, attempts = attempts + 1, attempted_at = %(now)s, ask_at = %(ask_at)s,
        questions = 0
    FROM {JOINED}
    WHERE message.id = %(message_id)s AND conversation.id = message.conversation_id
      AND message.status = 'unknown' AND message.provider_message_id IS NULL
      AND NOT message.resent AND message.ask_at = %(held_until)s AND ({MAY_LEAVE})
    RETURNING message.status, {FOUND}
""".encode()  # noqa: S608 - names of our own columns

SCOPES = {"account_scope": ACCOUNT_SCOPE, "line_scope": LINE_SCOPE}


@dataclass(frozen=True)
class Departure:
    """A text that is to leave, and all that is needed to hand it to its provider.

    `ask_at`: when the provider is asked about it next, None when it is asked no more.
    """

    status: MessageStatus
    message_id: UUID
    account_id: str
    conversation_id: UUID
    workflow_id: str
    consumer_id: UUID
    line_id: str
    provider_message_id: str | None
    text: str
    is_consent_reply: bool
    written_at: datetime
    attempted_at: datetime | None
    resent: bool
    ask_at: datetime | None
    questions: int
    sender: str
    sender_kind: str
    recipient: str
    connector_id: str
    provider: str
    secret: bytes
    api_url: str | None
    resend_unconfirmed: bool
    may_overtake_unconfirmed: bool


async def look(direct: Direct, message_id: UUID) -> Departure | None:
    """Return a text as it stands; None when there is none."""
    row = await direct.one(LOOK, {"message_id": message_id})
    return departure_of(row) if row else None


async def claim_at_once(
    direct: Direct, message_id: UUID, now: datetime, ask_at: datetime
) -> Departure | None:
    """Claim a text that may leave and that nobody else is at; what is returned was committed.

    `ask_at`: when the provider is asked about it if nothing more is heard of who claimed it. None
    says nothing about the text: lock it and look.
    """
    values = {"message_id": message_id, "now": now, "ask_at": ask_at}
    row = await direct.one(CLAIM_AT_ONCE, values | SCOPES)
    return departure_of(row) if row else None


async def claim_again(
    direct: Direct, departure: Departure, now: datetime, ask_at: datetime
) -> Departure | None:
    """Claim a text in doubt, once and by whoever holds it, to send it again; committed.

    None when it may not leave, or when somebody else holds it or has settled it by now.
    """
    values = {"message_id": departure.message_id, "now": now, "ask_at": ask_at}
    row = await direct.one(CLAIM_AGAIN, values | {"held_until": departure.ask_at} | SCOPES)
    return departure_of(row) if row else None


async def lock_departure(session: AsyncSession, message_id: UUID) -> Departure | None:
    """Return a text with its row locked until the transaction ends; None when there is none."""
    row = await within(session)(LOCK, {"message_id": message_id})
    return departure_of(row) if row else None


def departure_of(row: Row) -> Departure:
    return Departure(MessageStatus(row[0]), *row[1:])


async def claim(session: AsyncSession, message_id: UUID, now: datetime, ask_at: datetime) -> None:
    """Mark a text as being handed over. To be committed before the provider is called."""
    await session.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(
            status=MessageStatus.sending.value,
            status_at=now,
            attempts=Message.attempts + 1,
            attempted_at=now,
            ask_at=ask_at,
            questions=0,
        )
    )


async def release(
    session: AsyncSession, departure: Departure, now: datetime, again_at: datetime
) -> None:
    """Put a text back that certainly did not leave, for the next attempt.

    The one way a status falls, and only of a claim that nobody doubted meanwhile: whoever waited
    for it has gone on then. A text that was not claimed yet is told when it is tried. The first
    time is an event, so that pages say why it and later texts wait.
    """
    is_claimed = (Message.status == MessageStatus.sending.value) & (
        Message.attempted_at == departure.attempted_at
    )
    attempts = await session.scalar(
        update(Message)
        .where(
            Message.id == departure.message_id,
            Message.provider_message_id.is_(None),
            is_claimed | (Message.status == MessageStatus.queued.value),
        )
        .values(
            status=MessageStatus.queued.value,
            failure_code=None,
            failure_sentence=None,
            provider_code=None,
            ask_at=again_at,
        )
        .returning(Message.attempts)
    )
    if attempts == 1 or (attempts == 0 and departure.ask_at is None):
        data = told(departure.message_id, MessageStatus.queued)
        event = NewEvent(EventKind.message_status, now, departure.conversation_id, data=data)
        await append(session, departure.account_id, [event])


TWIN_IN_DOUBT = b"""
    SELECT true FROM message JOIN conversation ON conversation.id = message.conversation_id
    WHERE conversation.consumer_id = %(consumer_id)s AND conversation.line_id = %(line_id)s
      AND message.status IN ('sending', 'unknown') AND message.ask_at IS NOT NULL
      AND message.provider_message_id IS NULL
      AND message.text = %(text)s AND message.id <> %(message_id)s
    LIMIT 1
"""


async def has_twin_in_doubt(direct: Direct, departure: Departure) -> bool:
    """Say whether another text to the consumer with the same words may have left, or not."""
    values = {
        "consumer_id": departure.consumer_id,
        "line_id": departure.line_id,
        "text": departure.text,
        "message_id": departure.message_id,
    }
    return await direct.one(TWIN_IN_DOUBT, values) is not None


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
