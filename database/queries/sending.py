"""Rows of outgoing texts: claimed before the call to the provider, released or settled after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Integer, case, cast, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import ReturningUpdate

from database.direct import Direct, Row, in_session
from database.queries.consent import ACCOUNT_SCOPE, CONNECTOR_SCOPE, LINE_SCOPE, Consenting
from database.queries.delivery import delivery_data
from database.queries.events import NewEvent, append
from database.statuses import listed
from database.tables import Message
from domain.conversation.kinds import EventKind
from domain.delivery.message_status import MessageStatus
from domain.delivery.statuses import UNSENT

OWNED_SINCE = timedelta(days=2)
"""How far back the provider's ids of other texts are read for a look-up. Ours."""


# The columns of a `Departure` after its status, in order.
FOUND = """
    message.id, message.account_id, message.consumer_id, message.line_id, message.conversation_id,
    message.provider_message_id, message.text, message.is_consent_reply, message.written_at,
    message.attempted_at, message.resent, message.look_up_at, message.look_ups, line.address,
    line.kind, consumer.number, connector.id, connector.provider, connector.secret,
    connector.api_url, connector.resend_unconfirmed, connector.may_overtake_unconfirmed,
    message.media, connector.give_up_seconds, message.segments, message.leaves_at,
    line.segments_per_second, lane.throttled_until, pause.try_at,
    CASE
        WHEN message.conversation_id IS NULL
            THEN message.automatic IS NULL AND NOT message.is_consent_reply AND NOT EXISTS (
                SELECT FROM phone_call  -- a caller asked for it
                WHERE message_id = message.id AND asked_at IS NOT NULL
            )
        ELSE EXISTS (
            SELECT FROM conversation
            WHERE id = message.conversation_id AND opened_by <> 'consumer'
              AND consumer_texted_at IS NULL
        )
    END,
    line.smart_encoding, message.maybe_sent_since
"""
JOINED = """
    consumer, line JOIN connector ON connector.id = line.connector_id
    LEFT JOIN line_lane AS lane ON lane.line_id = line.id
    LEFT JOIN connector_pause AS pause
        ON pause.connector_id = connector.id AND pause.resumed_at IS NULL
"""
OF_MESSAGE = "consumer.id = message.consumer_id AND line.id = message.line_id"
LOOK_SQL = f"""
    SELECT message.status, {FOUND}
    FROM message, {JOINED}
    WHERE message.id = %(message_id)s AND {OF_MESSAGE}
"""  # noqa: S608 - names of our own columns
LOOK = LOOK_SQL.encode()
LOCK = f"{LOOK_SQL} FOR UPDATE OF message".encode()

# The workflow keeps a conversation's texts in order. Texts with and without a conversation to the
# same phone are sent in the order they were written: see `domain.delivery.delays`.
NOT_OVERTAKING = f"""
    NOT EXISTS (
        SELECT FROM message AS before
        WHERE before.line_id = message.line_id AND before.consumer_id = message.consumer_id
          AND before.status IN ({listed(UNSENT)}) AND before.provider_message_id IS NULL
          AND (before.conversation_id IS NULL OR message.conversation_id IS NULL)
          AND (before.written_at, before.id) < (message.written_at, message.id)
          AND CASE
            WHEN before.status = 'unknown' AND before.look_up_at IS NULL THEN false
            WHEN coalesce(before.attempted_at, before.written_at) > %(overtaken_from)s THEN true
            WHEN before.status = 'queued'
                THEN before.conversation_id IS NULL AND message.conversation_id IS NULL
            ELSE NOT connector.may_overtake_unconfirmed
          END
    )
"""
IS_OVERTAKING = f"""
    SELECT true FROM message, {JOINED}
    WHERE message.id = %(message_id)s AND {OF_MESSAGE} AND NOT ({NOT_OVERTAKING})
""".encode()  # noqa: S608

# The check for opt-outs and blocks.
MAY_LEAVE = """
    consumer.blocked_at IS NULL AND (message.is_consent_reply OR NOT EXISTS (
        SELECT FROM consent
        WHERE consumer_id = consumer.id AND is_opted_out AND scope IN (
            %(account_scope)s, %(line_scope)s || line.id, %(connector_scope)s || connector.id
        )
    ))
"""

# The check and the claim in one round trip. It skips locked rows, because after a wait it would
# have to check for an opt-out again.
CLAIM_AT_ONCE = f"""
    WITH free AS (
        SELECT id FROM message
        WHERE id = %(message_id)s AND status = 'queued' AND provider_message_id IS NULL
        FOR UPDATE SKIP LOCKED
    )
    UPDATE message
    SET status = 'sending', status_at = %(now)s, attempts = attempts + 1, attempted_at = %(now)s,
        look_up_at = %(look_up_at)s, look_ups = 0
    FROM free, {JOINED}
    WHERE message.id = free.id AND {OF_MESSAGE} AND ({MAY_LEAVE}) AND {NOT_OVERTAKING}
    RETURNING 'queued', {FOUND}
""".encode()  # noqa: S608 - names of our own columns

# A text in doubt is sent once more. It stays `unknown` until the provider's answer or report. One
# that its consumer has answered has arrived.
CLAIM_AGAIN = f"""
    UPDATE message
    SET resent = true, attempts = attempts + 1, attempted_at = %(now)s, look_up_at = %(look_up_at)s,
        look_ups = 0
    FROM {JOINED}
    WHERE message.id = %(message_id)s AND {OF_MESSAGE}
      AND message.status = 'unknown' AND message.provider_message_id IS NULL
      AND NOT message.resent AND message.look_up_at = %(held_until)s AND ({MAY_LEAVE})
      AND NOT EXISTS (
        SELECT FROM invitation
        WHERE invitation.message_id = message.id AND invitation.answered_at IS NOT NULL
      )
    RETURNING message.status, {FOUND}
""".encode()  # noqa: S608 - names of our own columns

SCOPES = {
    "account_scope": ACCOUNT_SCOPE,
    "line_scope": LINE_SCOPE,
    "connector_scope": CONNECTOR_SCOPE,
}


@dataclass(frozen=True)
class Departure:
    """An outgoing text, with everything needed to submit it to its provider.

    `look_up_at`: the time of the next look-up, None when there is none. `leaves_at`: when its line
    has room for it. `try_at`: when its connector, which is paused, is tried again. `is_proactive`:
    the consumer has not texted in its conversation, which we opened, or it answers nothing.
    """

    status: MessageStatus
    message_id: UUID
    account_id: str
    consumer_id: UUID
    line_id: str
    conversation_id: UUID | None
    provider_message_id: str | None
    text: str
    is_consent_reply: bool
    written_at: datetime
    attempted_at: datetime | None
    resent: bool
    look_up_at: datetime | None
    look_ups: int
    sender: str
    sender_kind: str
    recipient: str
    connector_id: str
    provider: str
    secret: bytes
    api_url: str | None
    resend_unconfirmed: bool
    may_overtake_unconfirmed: bool
    media: Sequence[Mapping[str, str]]
    """Its pictures: `domain.conversation.effects.MediaRef`, as stored."""
    give_up_seconds: int
    segments: int
    leaves_at: datetime | None
    segments_per_second: float | None
    throttled_until: datetime | None
    try_at: datetime | None
    is_proactive: bool
    smart_encoding: bool
    maybe_sent_since: datetime | None

    @property
    def gives_up_at(self) -> datetime:
        """When it is too old to be sent."""
        return self.written_at + timedelta(seconds=self.give_up_seconds)

    @property
    def to(self) -> Consenting:
        """Its consumer and its line."""
        return Consenting(self.account_id, self.consumer_id, self.line_id)

    @property
    def left_at(self) -> datetime:
        """When it was sent, or may have been sent."""
        return self.attempted_at or self.written_at


async def look(direct: Direct, message_id: UUID) -> Departure | None:
    """Return a text; None when it does not exist."""
    row = await direct.fetch_one(LOOK, {"message_id": message_id})
    return departure_of(row) if row else None


async def claim_at_once(
    direct: Direct, message_id: UUID, now: datetime, look_up_at: datetime, overtaken_from: datetime
) -> Departure | None:
    """Claim a text that may be sent and is not locked, and commit.

    `look_up_at`: when to look the text up if its claimer dies. `overtaken_from`: texts tried before
    this time do not hold up later ones. None does not say why: lock the text to find out.
    """
    values = {"message_id": message_id, "now": now, "look_up_at": look_up_at}
    values |= {"overtaken_from": overtaken_from}
    row = await direct.fetch_one(CLAIM_AT_ONCE, values | SCOPES)
    return departure_of(row) if row else None


async def claim_again(
    direct: Direct, departure: Departure, now: datetime, look_up_at: datetime
) -> Departure | None:
    """Claim a held text in doubt to send it again, which happens once per text, and commit.

    None when the text may not be sent, or another worker holds it or has settled it.
    """
    values = {"message_id": departure.message_id, "now": now, "look_up_at": look_up_at}
    row = await direct.fetch_one(
        CLAIM_AGAIN, values | {"held_until": departure.look_up_at} | SCOPES
    )
    return departure_of(row) if row else None


async def lock_departure(session: AsyncSession, message_id: UUID) -> Departure | None:
    """Return a text and lock its row until the transaction ends; None when it does not exist."""
    row = await in_session(session)(LOCK, {"message_id": message_id})
    return departure_of(row) if row else None


async def is_overtaking(session: AsyncSession, message_id: UUID, overtaken_from: datetime) -> bool:
    """Say whether a text must wait for an earlier one to the same phone: see `claim_at_once`.

    Only pairs of which at least one text has no conversation are compared.
    """
    values = {"message_id": message_id, "overtaken_from": overtaken_from}
    return await in_session(session)(IS_OVERTAKING, values) is not None


def departure_of(row: Row) -> Departure:
    return Departure(MessageStatus(row[0]), *row[1:])


async def claim(
    session: AsyncSession, message_id: UUID, now: datetime, look_up_at: datetime
) -> None:
    """Mark a text as being sent. Commit this before calling the provider."""
    await session.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(
            status=MessageStatus.sending.value,
            status_at=now,
            attempts=Message.attempts + 1,
            attempted_at=now,
            look_up_at=look_up_at,
            look_ups=0,
        )
    )


async def release(
    session: AsyncSession,
    departure: Departure,
    now: datetime,
    again_at: datetime,
    *,
    is_tried: bool = False,
) -> None:
    """Release a text that was certainly not sent, for the next attempt at `again_at`.

    `is_tried`: an attempt failed before it claimed the text, and counts.

    Only here a status falls, and only of a claim that is not in doubt: once it is, later texts have
    stopped waiting for it. The first release appends an event, so that pages show why this text and
    later ones wait.
    """
    attempts = await session.scalar(_released(departure, now, again_at, is_tried=is_tried))
    if attempts == 1 or (attempts == 0 and departure.look_up_at is None):
        data = delivery_data(departure.message_id, MessageStatus.queued)
        event = NewEvent(EventKind.message_status, now, departure.conversation_id, data=data)
        await append(session, departure.account_id, [event])


def _released(
    departure: Departure, now: datetime, again_at: datetime, *, is_tried: bool
) -> ReturningUpdate[int]:
    """Return the statement of `release`, which returns how many attempts there were."""
    is_claimed = (Message.status == MessageStatus.sending.value) & (
        Message.attempted_at == departure.attempted_at
    )
    is_queued = Message.status == MessageStatus.queued.value
    return (
        update(Message)
        .where(
            Message.id == departure.message_id,
            Message.provider_message_id.is_(None),
            is_claimed | is_queued,
        )
        .values(
            status=MessageStatus.queued.value,
            attempts=Message.attempts + cast(is_queued & is_tried, Integer),
            attempted_at=case((is_queued & is_tried, now), else_=Message.attempted_at),
            failure_code=None,
            failure_sentence=None,
            provider_code=None,
            provider_message=None,
            look_up_at=again_at,
            # A time that is still to come stays: the text keeps its turn. A past one was used up.
            leaves_at=case((Message.leaves_at > now, Message.leaves_at)),
        )
        .returning(Message.attempts)
    )


TWIN_IN_DOUBT = b"""
    SELECT true FROM message
    WHERE consumer_id = %(consumer_id)s AND line_id = %(line_id)s
      AND status IN ('sending', 'unknown') AND look_up_at IS NOT NULL
      AND provider_message_id IS NULL AND text = %(text)s AND id <> %(message_id)s
    LIMIT 1
"""


async def has_twin_in_doubt(direct: Direct, departure: Departure) -> bool:
    """Say whether another text to the consumer with the same words is in doubt."""
    values = {
        "consumer_id": departure.consumer_id,
        "line_id": departure.line_id,
        "text": departure.text,
        "message_id": departure.message_id,
    }
    return await direct.fetch_one(TWIN_IN_DOUBT, values) is not None


async def owned_provider_ids(session: AsyncSession, departure: Departure) -> frozenset[str]:
    """Return the provider's ids of other recent texts to the same consumer on this line."""
    query = select(Message.provider_message_id).where(
        Message.consumer_id == departure.consumer_id,
        Message.line_id == departure.line_id,
        Message.provider_message_id.is_not(None),
        Message.id != departure.message_id,
        Message.written_at > departure.written_at - OWNED_SINCE,
    )
    return frozenset(found for found in await session.scalars(query) if found)
