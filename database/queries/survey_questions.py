"""When questions of the survey left: a text that was sent before is no answer to them."""

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
class Left:
    """A text of ours on its way. `handed_over_at`: to its provider; None while it waits for that.

    `is_accepted`: the provider took it, or may have: one in doubt counts.
    """

    status: MessageStatus
    handed_over_at: datetime | None
    is_accepted: bool


async def left(direct: Direct, ids: Sequence[UUID]) -> dict[str, Left]:
    """Return how texts stand, by their ids."""
    rows = await direct.fetch_all(LEFT, {"ids": list(ids)})
    return {row[0]: Left(MessageStatus(row[1]), row[2], bool(row[3])) for row in rows}
