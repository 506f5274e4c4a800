"""Texts with which lines are tried."""

from datetime import datetime
from uuid import UUID

from api.schemas.shared import Answer
from domain.delivery.message_status import MessageStatus


class LineTestOut(Answer):
    """A text with which a line was tried, and what became of it.

    `failure_code` and `failure_sentence` say why it did not arrive, `provider_code` and
    `provider_message` what the provider says.
    """

    id: UUID
    line_id: str
    number: str
    text: str
    status: MessageStatus
    written_at: datetime
    status_at: datetime
    failure_code: str | None
    failure_sentence: str | None
    provider_code: str | None
    provider_message: str | None
