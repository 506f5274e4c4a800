"""Look-ups of texts whose final status is unknown; one worker holds a text at a time."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct, in_session
from database.queries.delivery import Bill, DeliveryFailure, delivery_data, report
from database.queries.events import NewEvent, append
from database.queries.sending import FOUND, JOINED, OF_MESSAGE, Departure, departure_of
from database.statuses import listed
from database.tables import Message
from domain.conversation.kinds import EventKind
from domain.delivery.message_status import MessageStatus
from domain.delivery.statuses import LOOKED_UP

# A worker holds a text until its `look_up_at`; after that any worker may take it.
TAKE_DUE = f"""
    WITH due AS (
        SELECT id FROM message
        WHERE status IN ({listed(LOOKED_UP)}) AND look_up_at <= %(now)s
        ORDER BY look_up_at
        LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED
    )
    UPDATE message SET look_up_at = %(held_until)s
    FROM due, {JOINED}
    WHERE message.id = due.id AND {OF_MESSAGE}
    RETURNING message.status, {FOUND}
""".encode()  # noqa: S608 - names of our own columns
POSTPONE = b"""
    UPDATE message SET look_up_at = %(look_up_at)s, look_ups = %(look_ups)s
    WHERE id = %(message_id)s AND look_up_at = %(held_until)s
"""
FAILED_AGAIN = b"""
    UPDATE message SET resent = false, look_up_at = %(look_up_at)s
    WHERE id = %(message_id)s AND status = 'unknown' AND provider_message_id IS NULL
      AND attempted_at = %(attempted_at)s
"""


async def take_due(
    direct: Direct, now: datetime, *, held_for: timedelta, limit: int
) -> list[Departure]:
    """Take texts whose look-up is due, and commit. Nobody else gets them for `held_for`."""
    values = {"now": now, "held_until": now + held_for, "limit": limit}
    return [departure_of(row) for row in await direct.fetch_all(TAKE_DUE, values)]


async def postpone(
    direct: Direct, held: Departure, look_up_at: datetime | None, asked: int
) -> None:
    """Release a held text until its next look-up at `look_up_at`, None for no further one.

    `asked`: the number of look-ups so far. A text that is final by now, or held by another worker,
    is not changed.
    """
    values = {"message_id": held.message_id, "held_until": held.look_up_at}
    await direct.fetch_one(POSTPONE, values | {"look_up_at": look_up_at, "look_ups": asked})


async def not_sent_again(direct: Direct, claimed: Departure, look_up_at: datetime) -> None:
    """Allow a text in doubt to be sent again later, because the provider refused this attempt."""
    values = {"message_id": claimed.message_id, "attempted_at": claimed.attempted_at}
    await direct.fetch_one(FAILED_AGAIN, values | {"look_up_at": look_up_at})


async def settle_found(
    session: AsyncSession,
    message_id: UUID,
    provider_message_id: str,
    status: MessageStatus,
    *,
    failure: DeliveryFailure | None,
    bill: Bill | None = None,
    at: datetime,
    look_up_at: datetime | None,
) -> bool:
    """Settle a text that was found at the provider; False when the message is another text's.

    A provider's message belongs to one text, even if two texts with the same words are looked up at
    once. Do nothing after this in the transaction, as after `report`.
    """
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(provider_message_id))))
    other = select(Message.id).where(
        Message.provider_message_id == provider_message_id, Message.id != message_id
    )
    if await session.scalar(other.limit(1)):
        return False
    await report(
        in_session(session),
        message_id,
        status,
        provider_message_id=provider_message_id,
        failure=failure,
        bill=bill,
        at=at,
        look_up_at=look_up_at,
    )
    return True


async def leave_unconfirmed(
    session: AsyncSession, held: Departure, failure: DeliveryFailure, now: datetime
) -> bool:
    """Settle a text as unconfirmed, which the agent reads; False when it was settled before."""
    changed = await session.scalar(
        update(Message)
        .where(
            Message.id == held.message_id,
            Message.status == MessageStatus.unknown.value,
            Message.provider_message_id.is_(None),
            Message.look_up_at == held.look_up_at,
        )
        .values(
            failure_code=failure.code,
            failure_sentence=failure.sentence,
            provider_code=failure.provider_code,
            provider_message=failure.provider_message,
            status_at=now,
            look_up_at=None,
        )
        .returning(Message.id)
    )
    if changed is None:
        return False
    data = delivery_data(held.message_id, MessageStatus.unknown, failure)
    event = NewEvent(EventKind.message_status, now, held.conversation_id, data=data)
    await append(session, held.account_id, [event])
    return True
