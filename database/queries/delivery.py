"""Delivery of outgoing texts: a status only ever rises, in whatever order reports come in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.events import NewEvent, append
from database.tables import Conversation, Message
from domain.words import EventKind, MessageStatus

RANKS = {
    MessageStatus.queued: 0,
    MessageStatus.sending: 1,
    MessageStatus.unknown: 2,
    MessageStatus.sent: 3,
    MessageStatus.delivered: 4,
    MessageStatus.undelivered: 4,
    MessageStatus.failed: 4,
}
"""The first of the final ones wins."""

NOT_DELIVERED = (MessageStatus.undelivered, MessageStatus.failed)


@dataclass(frozen=True)
class Failure:
    """Why a text failed: our stable code, and the sentence the agent reads."""

    code: str
    sentence: str


@dataclass(frozen=True)
class Outgoing:
    """The text a delivery callback is about, and the conversation it belongs to."""

    message_id: UUID
    line_id: str
    consumer_id: int
    account_id: str
    workflow_id: str
    attempted_at: datetime | None


async def report(
    session: AsyncSession,
    message_id: UUID,
    status: MessageStatus,
    *,
    provider_message_id: str | None = None,
    failure: Failure | None = None,
    at: datetime,
) -> bool:
    """Raise a text's status and append the event; says whether it rose.

    The provider's id is kept in any case when none was known: an answer may have been lost. The
    event lock is taken here: do nothing after it in the transaction.
    """
    raised = await _raise(session, message_id, status, provider_message_id, failure, at)
    if raised is None:
        if provider_message_id:
            await _own(session, message_id, provider_message_id)
        return False
    data = {"message_id": str(message_id), "status": str(status)}
    if failure:
        data["failure_code"] = failure.code
    event = NewEvent(
        EventKind.message_status,
        at,
        conversation_id=raised.conversation_id,
        agent_id=raised.agent_id,
        data=data,
    )
    await append(session, raised.account_id, [event])
    return True


async def _raise(
    session: AsyncSession,
    message_id: UUID,
    status: MessageStatus,
    provider_message_id: str | None,
    failure: Failure | None,
    at: datetime,
) -> Row[str, UUID, str | None] | None:
    lower = [str(word) for word, rank in RANKS.items() if rank < RANKS[status]]
    change = (
        update(Message)
        .where(Message.id == message_id, Message.status.in_(lower))
        .values(
            status=str(status),
            status_at=at,
            provider_message_id=func.coalesce(Message.provider_message_id, provider_message_id),
            failure_code=failure.code if failure else None,
            failure_sentence=failure.sentence if failure else None,
        )
        .returning(Message.account_id, Message.conversation_id, Message.agent_id)
        .execution_options(synchronize_session=False)
    )
    if status in NOT_DELIVERED and provider_message_id:
        # A text that was sent again has two ids; the failure of the other one is no news.
        is_ours = Message.provider_message_id == provider_message_id
        change = change.where(or_(Message.provider_message_id.is_(None), is_ours))
    return (await session.execute(change)).one_or_none()


async def _own(session: AsyncSession, message_id: UUID, provider_message_id: str) -> None:
    change = update(Message).where(
        Message.id == message_id,
        Message.provider_message_id.is_(None),
        Message.status.in_([str(word) for word in RANKS]),
    )
    await session.execute(
        change.values(provider_message_id=provider_message_id).execution_options(
            synchronize_session=False
        )
    )


async def outgoing(
    session: AsyncSession, line_id: str, message_id: UUID | None, provider_message_id: str
) -> Outgoing | None:
    """Return the text of a line that a callback is about, by our id or else by the provider's."""
    is_named = Message.id == message_id
    query = (
        select(
            Message.id,
            Conversation.line_id,
            Conversation.consumer_id,
            Conversation.account_id,
            Conversation.workflow_id,
            Message.attempted_at,
        )
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(
            or_(is_named, Message.provider_message_id == provider_message_id),
            Message.status.in_([str(word) for word in RANKS]),
            Conversation.line_id == line_id,
        )
        .order_by(is_named.desc().nulls_last())
        .limit(1)
    )
    row = (await session.execute(query)).first()
    return Outgoing(*row) if row else None
