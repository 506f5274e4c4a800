"""Notifications: automated texts whose reply opens a conversation."""

from datetime import datetime
from uuid import UUID

from api.schemas.origins import ContextOut
from api.schemas.shared import Answer
from domain.delivery.message_status import MessageStatus


class NotificationOut(Answer):
    """A notification, and what became of it.

    `leaves_from`: when it may leave; later than its request if quiet hours hold it. `failure_code`
    and `provider_code` say why it was not delivered. `conversation_id`: the one that its reply
    opened, or in which the reply arrived.
    """

    id: UUID
    line_id: str
    consumer_id: UUID
    number: str
    skill_id: str
    title: str
    text: str
    segments: int
    status: MessageStatus
    leaves_from: datetime
    sent_at: datetime | None
    failure_code: str | None
    failure_sentence: str | None
    provider_code: str | None
    look_back_seconds: int
    context: ContextOut
    answered_at: datetime | None
    conversation_id: UUID | None
