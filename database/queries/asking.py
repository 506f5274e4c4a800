"""When questions of the survey left: a text that was sent before is no answer to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from database.direct import Direct
from domain.words import MessageStatus

# The first word of the provider. One in doubt may have left when it was handed over.
LEFT = b"""
    SELECT message.id::text, message.status, CASE message.status WHEN 'queued' THEN NULL
        ELSE message.attempted_at END,
        CASE told.status WHEN 'unknown' THEN message.attempted_at ELSE told.at END
    FROM message LEFT JOIN LATERAL (
        SELECT event.data ->> 'status' AS status, event.at FROM event
        WHERE event.conversation_id = message.conversation_id AND event.kind = 'message_status'
          AND event.data ->> 'message_id' = message.id::text
          AND event.data ->> 'status' <> 'queued'
        ORDER BY event.at LIMIT 1
    ) AS told ON true
    WHERE message.id = ANY(%(ids)s)
"""


@dataclass(frozen=True)
class Left:
    """A text of ours on its way. `left_at`: when its provider accepted it; None: not known yet.

    `attempted_at`: when it was handed over; None while it waits for that.
    """

    status: MessageStatus
    attempted_at: datetime | None
    left_at: datetime | None


async def left(direct: Direct, ids: Sequence[UUID]) -> dict[str, Left]:
    """Return how texts stand, by their ids."""
    rows = await direct.all(LEFT, {"ids": list(ids)})
    return {row[0]: Left(MessageStatus(row[1]), row[2], row[3]) for row in rows}
