"""Texts that were not sent yet: why they wait, and whether workers are handling them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, any_, bindparam, case, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from database.tables import Connector, ConnectorPause, Conversation, Line, Message
from domain.delivery.delays import UnconfirmedText
from domain.delivery.message_status import MessageStatus
from domain.delivery.statuses import UNSENT

BEFORE = aliased(Message)
"""Made once: it takes as long as to ask PostgreSQL."""
LEFT_ALONE_AFTER = timedelta(minutes=1)
UNDER_WAY = [str(word) for word in UNSENT]
IN_THE_CALL_OR_IN_DOUBT = [str(word) for word in UNSENT if word is not MessageStatus.queued]
UNSENT_COLUMNS = (
    Message.id,
    Message.status,
    Message.look_up_at,
    Message.attempted_at,
    Connector.may_overtake_unconfirmed,
    ConnectorPause.connector_id.is_not(None),
    Message.leaves_at,
)
# greatest() ignores null
LAST_AT = func.greatest(
    Message.written_at, Message.attempted_at, Message.look_up_at, Message.leaves_at
)
HOLDS_UP = Message.conversation_id.is_(None) & Message.status.in_(IN_THE_CALL_OR_IN_DOUBT)
UNSENT_OF = (
    select(*UNSENT_COLUMNS, Conversation.id.label("of"))
    .join(Line, Line.id == Message.line_id)
    .join(Connector, Connector.id == Line.connector_id)
    .outerjoin(
        ConnectorPause,
        (ConnectorPause.connector_id == Connector.id) & ConnectorPause.resumed_at.is_(None),
    )
    .join(
        Conversation,
        (Conversation.line_id == Message.line_id)
        & (Conversation.consumer_id == Message.consumer_id),
    )
    .where(
        Conversation.id == any_(bindparam("conversations", type_=ARRAY(Uuid))),
        (Message.conversation_id == Conversation.id) | HOLDS_UP,
        Message.status.in_(UNDER_WAY),
        Message.provider_message_id.is_(None),
    )
    .order_by(Message.written_at, Message.position)
)


@dataclass(frozen=True)
class LeftAlone:
    """A conversation with texts that no worker handles, or such a text without a conversation."""

    conversation_id: UUID | None
    message_id: UUID | None
    """None of a conversation."""
    account_id: str
    line_id: str
    since: datetime


async def unsent(session: AsyncSession, conversation_id: UUID) -> Sequence[UnconfirmedText]:
    """Return the texts of a conversation that the provider is not known to have, in order.

    Includes texts to the consumer without a conversation while they hold up the others.
    """
    return (await unsent_of(session, [conversation_id]))[conversation_id]


async def unsent_of(
    session: AsyncSession, conversation_ids: Collection[UUID]
) -> Mapping[UUID, Sequence[UnconfirmedText]]:
    """Return the same for several conversations."""
    found: dict[UUID, list[UnconfirmedText]] = {one: [] for one in conversation_ids}
    for row in await session.execute(UNSENT_OF, {"conversations": list(conversation_ids)}):
        text = UnconfirmedText(
            *(row.id, MessageStatus(row.status), row.look_up_at, row.attempted_at, row[4], row[5]),
            leaves_at=row.leaves_at,
        )
        found[row.of].append(text)
    return found


async def count_left_alone(
    session: AsyncSession, now: datetime, *, after: timedelta = LEFT_ALONE_AFTER
) -> int:
    """Count texts `queued` or `sending` that no worker has handled for `after`.

    Such a text had no attempt and no look-up, and none is due later. A text that only waits for an
    earlier one is not counted. A text in doubt holds up no others once its look-ups have ended. The
    count is zero while workers run.
    """
    return await session.scalar(select(func.count()).where(*_left_alone(now - after))) or 0


async def left_alone(session: AsyncSession, now: datetime, limit: int) -> Sequence[LeftAlone]:
    """Return where the texts are that `count_left_alone` counts, the oldest first."""
    alone = case((Message.conversation_id.is_(None), Message.id))
    query = (
        select(
            *(Message.conversation_id, alone, Message.account_id, Message.line_id),
            func.min(LAST_AT),
        )
        .where(*_left_alone(now - LEFT_ALONE_AFTER))
        .group_by(Message.conversation_id, alone, Message.account_id, Message.line_id)
        .order_by(func.min(LAST_AT))
        .limit(limit)
    )
    return [LeftAlone(*row) for row in await session.execute(query)]


async def conversations_left_alone(
    session: AsyncSession, now: datetime, *, after: timedelta, limit: int
) -> Sequence[UUID]:
    """Return conversations with such texts that no worker has begun to send.

    If there are more than `limit`, others each time: those that stay leave room for the rest.
    """
    query = (
        select(Message.conversation_id)
        .where(
            *_left_alone(now - after),
            Message.conversation_id.is_not(None),
            Message.status == MessageStatus.queued.value,
        )
        .group_by(Message.conversation_id)
        .order_by(func.random())
        .limit(limit)
    )
    return [one for one in await session.scalars(query) if one is not None]


def _left_alone(before_then: datetime) -> Sequence[ColumnElement[bool]]:
    before = BEFORE
    stands_alone, before_does = Message.conversation_id.is_(None), before.conversation_id.is_(None)
    is_earlier = or_(
        (before.conversation_id == Message.conversation_id) & (before.position < Message.position),
        (stands_alone | before_does)
        & (before.written_at < Message.written_at)
        # A text of the other kind that is tried again holds up others only briefly.
        & ((stands_alone & before_does) | (before.status != MessageStatus.queued.value)),
    )
    is_first = ~(
        select(before.id)
        .where(
            before.line_id == Message.line_id,
            before.consumer_id == Message.consumer_id,
            is_earlier,
            before.status.in_(UNDER_WAY),
            before.provider_message_id.is_(None),
            (before.status != MessageStatus.unknown.value) | before.look_up_at.is_not(None),
        )
        .exists()
    )
    return (
        Message.status.in_((MessageStatus.queued.value, MessageStatus.sending.value)),
        before_then > LAST_AT,
        (Message.status == MessageStatus.queued.value) | Message.look_up_at.is_not(None),
        is_first | (Message.status == MessageStatus.sending.value),
    )
