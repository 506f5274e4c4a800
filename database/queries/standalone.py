"""Texts that belong to no conversation: stored once, and held by one worker at a time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.queries.sending import JOINED, NOT_OVERTAKING, OF_MESSAGE
from database.tables import Line, Message
from domain.automatic.kinds import Automatic
from domain.conversation.kinds import Author
from domain.delivery.message_status import MessageStatus
from domain.text.segments import segments

# A worker holds a text until its `look_up_at`; after that any worker may take it.
TAKE_DUE = f"""
    WITH due AS (
        SELECT message.id FROM message, {JOINED}
        WHERE message.conversation_id IS NULL AND message.status = 'queued'
          AND message.provider_message_id IS NULL AND message.look_up_at <= %(now)s
          AND {OF_MESSAGE} AND {NOT_OVERTAKING}
        ORDER BY message.look_up_at
        LIMIT %(limit)s
        FOR UPDATE OF message SKIP LOCKED
    )
    UPDATE message SET look_up_at = %(held_until)s FROM due WHERE message.id = due.id
    RETURNING message.id
""".encode()  # noqa: S608 - names of our own columns
POSTPONE = b"""
    UPDATE message SET look_up_at = %(again_at)s
    WHERE id = %(message_id)s AND status = 'queued' AND look_up_at = %(held_until)s
"""


@dataclass(frozen=True)
class NewText:
    """A text to a consumer on a line, with an id derived from its cause.

    `is_consent_reply`: a confirmation or HELP text, which opted-out consumers may get.
    `maybe_sent_since`: it may have left before, at this time at the earliest, so it is looked up.
    """

    id: UUID
    account_id: str
    line_id: str
    consumer_id: UUID
    text: str
    written_at: datetime
    automatic: Automatic | None = None
    is_consent_reply: bool = False
    maybe_sent_since: datetime | None = None


@dataclass(frozen=True)
class ClaimedText:
    """A text that one worker holds until `held_until`."""

    message_id: UUID
    held_until: datetime


async def add(session: AsyncSession, text: NewText) -> bool:
    """Queue a text without a conversation; returns whether its id was new."""
    line = await session.get_one(Line, text.line_id)
    size = segments(text.text, smart=line.smart_encoding)
    row = insert(Message).values(
        id=text.id,
        account_id=text.account_id,
        line_id=text.line_id,
        consumer_id=text.consumer_id,
        author=Author.system.value,
        automatic=text.automatic.value if text.automatic else None,
        is_consent_reply=text.is_consent_reply,
        text=text.text,
        segments=size.count,
        encoding=size.encoding.value,
        written_at=text.written_at,
        status=MessageStatus.queued.value,
        look_up_at=text.written_at,
        maybe_sent_since=text.maybe_sent_since,
    )
    new = row.on_conflict_do_nothing(index_elements=[Message.id]).returning(Message.id)
    return await session.scalar(new) is not None


async def take_due(
    direct: Direct, now: datetime, *, held_until: datetime, overtaken_from: datetime, limit: int
) -> list[ClaimedText]:
    """Take texts that may be sent now, in order for each phone, and commit.

    Nobody else gets them until `held_until`. `overtaken_from`: texts tried before this time do not
    hold up later ones, except that texts without a conversation always wait for each other.
    """
    values = {"now": now, "held_until": held_until, "overtaken_from": overtaken_from}
    rows = await direct.fetch_all(TAKE_DUE, values | {"limit": limit})
    return [ClaimedText(row[0], held_until) for row in rows]


async def postpone(direct: Direct, held: ClaimedText, again_at: datetime) -> None:
    """Release a held text until `again_at`, unless its attempt has already set a time."""
    values = {"message_id": held.message_id, "held_until": held.held_until}
    await direct.fetch_one(POSTPONE, values | {"again_at": again_at})
