"""Finds single texts and conversations that do not get on, for operators who free them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from database.direct import Direct
from database.queries.watches import COUNTED_AFTER, FAR_BACK, LOST

MANY_ATTEMPTS = 5
"""Attempts to send a text, from which on an operator should look. Ours: some minutes."""
SHOWN_AT_MOST = 200
"""Of each kind. Ours: more have one reason in common."""

LOST_TEXTS = f"""
    SELECT inbound.id, inbound.line_id, inbound.handed_over_at, inbound.hand_overs,
        inbound.line_id || '/' || inbound.consumer_id
    FROM inbound WHERE inbound.id IN ({LOST}) ORDER BY inbound.handed_over_at
"""  # noqa: S608
UNSENT = b"""
    SELECT message.id, message.line_id, message.written_at, message.attempts,
        message.conversation_id::text
    FROM message
    WHERE message.status IN ('queued', 'sending') AND (
        message.attempts >= %(many)s OR message.attempts = 0 AND message.status_at < now() - %(age)s
    ) AND coalesce(message.leaves_at, now()) <= now()
    ORDER BY message.written_at LIMIT %(most)s
"""


@dataclass(frozen=True)
class StandingText:
    """A text that stands still. `of`: its conversation, or the thread it was handed over to."""

    message_id: UUID
    line_id: str
    since: datetime
    attempts: int
    of: str | None


async def lost_texts(direct: Direct) -> Sequence[StandingText]:
    """Return consumers' texts that were handed over and are in no transcript."""
    values = {"look_back": FAR_BACK, "age": COUNTED_AFTER, "most": SHOWN_AT_MOST}
    return [StandingText(*row) for row in await direct.fetch_all(LOST_TEXTS.encode(), values)]


async def unsent_texts(
    direct: Direct, *, after: timedelta = COUNTED_AFTER
) -> Sequence[StandingText]:
    """Return our texts with many attempts, or with none for `after`."""
    values = {"many": MANY_ATTEMPTS, "age": after, "most": SHOWN_AT_MOST}
    return [StandingText(*row) for row in await direct.fetch_all(UNSENT, values)]
