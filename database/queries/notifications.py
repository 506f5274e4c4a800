"""Notifications: texts without a conversation whose reply opens one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Consumer, Invitation, Message
from domain.errors import NotFound
from domain.origins.kinds import OriginKind

COLUMNS = (
    *(Message.id, Message.line_id, Message.consumer_id, Consumer.number, Invitation.skill_id),
    *(Invitation.title, Message.text, Message.segments, Message.status, Message.written_at),
    *(Message.attempted_at, Message.failure_code, Message.failure_sentence),
    *(Message.provider_code, Invitation.look_back_seconds, Invitation.context),
    *(Invitation.answered_at, Invitation.conversation_id),
)


@dataclass(frozen=True)
class SentNotification:
    """A notification, and what became of it. `leaves_from`: if it has not left, when it may."""

    id: UUID
    line_id: str
    consumer_id: UUID
    number: str
    skill_id: str
    title: str
    text: str
    segments: int
    status: str
    leaves_from: datetime
    sent_at: datetime | None
    failure_code: str | None
    failure_sentence: str | None
    provider_code: str | None
    look_back_seconds: int
    context: dict[str, Any]
    answered_at: datetime | None
    conversation_id: UUID | None


async def find(session: AsyncSession, account_id: str, message_id: UUID) -> SentNotification:
    """Return a notification of an account, of a batch too. Raises `NotFound`."""
    found = await find_any(session, account_id, message_id)
    if found is None:
        raise NotFound
    return found


async def find_any(
    session: AsyncSession, account_id: str, message_id: UUID
) -> SentNotification | None:
    """Return a notification of an account; None: there is none with this id."""
    query = (
        select(*COLUMNS)
        .join(Invitation, Invitation.message_id == Message.id)
        .join(Consumer, Consumer.id == Message.consumer_id)
        .where(
            Message.id == message_id,
            Invitation.account_id == account_id,
            Invitation.kind == OriginKind.notification.value,
        )
    )
    row = (await session.execute(query)).one_or_none()
    return SentNotification(*row) if row else None
