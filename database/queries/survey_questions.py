"""When the survey's questions were sent: an earlier text of the consumer is not an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from database.direct import Direct
from domain.delivery.message_status import MessageStatus

LEFT = b"""
    SELECT message.id::text, message.status, CASE message.status WHEN 'queued' THEN NULL
        ELSE message.attempted_at END, message.provider_message_id IS NOT NULL
        OR message.status NOT IN ('queued', 'sending')
    FROM message WHERE message.id = ANY(%(ids)s)
"""


@dataclass(frozen=True)
class QuestionDelivery:
    """The delivery of a question. `handed_over_at`: when it was submitted; None while it waits.

    `is_accepted`: the provider accepted it or may have, so a text in doubt counts.
    """

    status: MessageStatus
    handed_over_at: datetime | None
    is_accepted: bool


async def question_deliveries(direct: Direct, ids: Sequence[UUID]) -> dict[str, QuestionDelivery]:
    """Return the delivery of questions by their message ids."""
    rows = await direct.fetch_all(LEFT, {"ids": list(ids)})
    return {row[0]: QuestionDelivery(MessageStatus(row[1]), row[2], bool(row[3])) for row in rows}
