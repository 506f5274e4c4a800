"""What quiet hours need to know of a text without a conversation."""

from datetime import datetime
from uuid import UUID

from database.direct import Direct
from domain.batches.hours import HoursSet

# A call is answered by a text at any hour: the caller asks for it.
HOURS = b"""
    SELECT consumer.number, account.holds_quiet_hours, account.time_zone, account.texts_from,
        account.texts_until, batch.window_from, batch.window_until
    FROM message JOIN consumer ON consumer.id = message.consumer_id
        JOIN account ON account.id = message.account_id
        LEFT JOIN batch_recipient AS recipient ON recipient.message_id = message.id
        LEFT JOIN batch ON batch.id = recipient.batch_id
    WHERE message.id = %(message_id)s AND NOT EXISTS (
        SELECT FROM invitation WHERE invitation.message_id = message.id AND kind = 'call'
    )
"""
# It counts as written then: its look-back begins, and its age is counted from there.
PUT_OFF = b"""
    WITH put_off AS (
        UPDATE message SET written_at = %(until)s, look_up_at = %(until)s, leaves_at = NULL
        WHERE id = %(message_id)s AND status = 'queued' AND conversation_id IS NULL
        RETURNING id
    )
    UPDATE invitation SET invited_at = %(until)s FROM put_off WHERE message_id = put_off.id
"""


async def texts_hours(direct: Direct, message_id: UUID) -> tuple[str, HoursSet] | None:
    """Return a text's number and the hours that are set for it; None: none hold it."""
    row = await direct.fetch_one(HOURS, {"message_id": message_id})
    return (row[0], HoursSet(*row[1:])) if row else None


async def put_off(direct: Direct, message_id: UUID, until: datetime) -> None:
    """Let a text wait for the end of quiet hours, however long that is."""
    await direct.fetch_one(PUT_OFF, {"message_id": message_id, "until": until})
