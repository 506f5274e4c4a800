"""Files: claimed for an attempt to fetch them, stored or failed, found by those who show them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.queries.events import NewEvent, append
from database.tables import Connector, Consumer, Conversation, Inbound, Line, MediaFile, Message
from domain.conversation.kinds import EventKind
from domain.delivery.media_state import MediaState

# A file whose holder died is due again when its attempt should have ended.
CLAIM = b"""
    WITH due AS (
        SELECT id FROM media_file WHERE try_at <= %(now)s
        ORDER BY try_at LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    UPDATE media_file SET tries = tries + 1, try_at = %(until)s
    FROM due, connector
    WHERE media_file.id = due.id AND connector.id = media_file.connector_id
    RETURNING media_file.id, media_file.account_id, media_file.message_id, media_file.url,
        media_file.announced_type, media_file.tries, connector.id,
        connector.provider, connector.secret, connector.api_url
"""

UNUSED = sql("""
    DELETE FROM media_file
    WHERE created_at < :before AND CASE
        WHEN message_id IS NOT NULL THEN
            NOT EXISTS (SELECT FROM inbound WHERE inbound.id = media_file.message_id)
            AND NOT EXISTS (SELECT FROM message WHERE message.id = media_file.message_id)
        ELSE NOT EXISTS (
            SELECT FROM message
            WHERE message.conversation_id = media_file.conversation_id AND message.media
                @> jsonb_build_array(jsonb_build_object('file_id', media_file.id::text))
        ) AND NOT EXISTS (
            SELECT FROM draft
            WHERE draft.agent_id = media_file.agent_id
                AND draft.conversation_id = media_file.conversation_id
                AND draft.pictures @> to_jsonb(media_file.id::text)
        )
    END
""")


@dataclass(frozen=True)
class ClaimedFile:
    """A file to fetch, with its connector. `tries`: counts this attempt."""

    id: UUID
    account_id: str
    message_id: UUID
    url: str
    announced_type: str
    tries: int
    connector_id: str
    provider: str
    secret: bytes
    api_url: str | None


@dataclass(frozen=True)
class StoredFile:
    """What is known of a file that was stored."""

    content_type: str
    ending: str
    size: int
    width: int | None
    height: int | None
    thumbnail_type: str | None


@dataclass(frozen=True)
class TextOrigin:
    """Where a consumer's text came from and went to."""

    line_id: str
    provider_message_id: str
    sender: str


async def claim(direct: Direct, now: datetime, until: datetime) -> ClaimedFile | None:
    """Claim the file that has been due the longest, and commit; it is due again at `until`."""
    row = await direct.fetch_one(CLAIM, {"now": now, "until": until})
    return ClaimedFile(*row) if row else None


async def stored(session: AsyncSession, file_id: UUID, found: StoredFile, now: datetime) -> bool:
    """Record that a file is in the store. Commit this before it is announced.

    False: it was erased meanwhile, and what is in the store belongs to nobody.
    """
    values = {name: getattr(found, name) for name in StoredFile.__dataclass_fields__}
    done = await session.execute(
        update(MediaFile)
        .where(MediaFile.id == file_id)
        .values(
            **values,
            state=MediaState.stored.value,
            stored_at=now,
            try_at=None,
            failure_code=None,
            failure_sentence=None,
        )
        .returning(MediaFile.id)
    )
    return done.one_or_none() is not None


async def failed(
    session: AsyncSession, file_id: UUID, code: str, sentence: str, again_at: datetime | None
) -> None:
    """Record why a file could not be fetched. `again_at`: None: it is not tried again by itself."""
    await session.execute(
        update(MediaFile)
        .where(MediaFile.id == file_id, MediaFile.state != MediaState.stored.value)
        .values(
            state=MediaState.failed.value,
            failure_code=code,
            failure_sentence=sentence,
            try_at=again_at,
        )
    )


async def postpone(session: AsyncSession, file_id: UUID, again_at: datetime) -> None:
    """Give a claimed file back, without counting the attempt."""
    await session.execute(
        update(MediaFile)
        .where(MediaFile.id == file_id, MediaFile.state != MediaState.stored.value)
        .values(try_at=again_at, tries=MediaFile.tries - 1)
    )


async def announce(
    session: AsyncSession, message_id: UUID, file_id: UUID, state: MediaState, now: datetime
) -> None:
    """Tell who looks at the conversation of a text, if the text is in a transcript by now."""
    query = select(Message.account_id, Message.conversation_id).where(Message.id == message_id)
    row = (await session.execute(query)).one_or_none()
    if row is None or row.conversation_id is None:
        return
    data = {"message_id": str(message_id), "file_id": str(file_id), "state": str(state)}
    event = NewEvent(EventKind.file_changed, now, row.conversation_id, data=data)
    await append(session, row.account_id, [event])


async def by_id(session: AsyncSession, file_ids: Collection[UUID]) -> Mapping[UUID, MediaFile]:
    """Return files by their ids, those that are known."""
    if not file_ids:
        return {}
    rows = await session.scalars(select(MediaFile).where(MediaFile.id.in_(file_ids)))
    return {row.id: row for row in rows}


async def in_account(session: AsyncSession, account_id: str, file_id: UUID) -> MediaFile | None:
    """Return a file of an account."""
    query = select(MediaFile).where(MediaFile.id == file_id, MediaFile.account_id == account_id)
    found: MediaFile | None = await session.scalar(query)
    return found


async def conversation_of(session: AsyncSession, file: MediaFile) -> UUID | None:
    """Return the conversation a file belongs to; None before its text is in a transcript."""
    if file.message_id is None:
        return file.conversation_id
    query = select(Message.conversation_id).where(Message.id == file.message_id)
    found: UUID | None = await session.scalar(query)
    return found


async def origin_of(session: AsyncSession, message_id: UUID) -> TextOrigin | None:
    """Return where the text that a file came with is from; None: it, or its number, was erased."""
    query = (
        select(Inbound.line_id, Inbound.provider_message_id, Consumer.number)
        .join(Consumer, Consumer.id == Inbound.consumer_id)
        .where(Inbound.id == message_id, Consumer.erased_at.is_(None))
    )
    row = (await session.execute(query)).one_or_none()
    return TextOrigin(*row) if row else None


async def try_again(session: AsyncSession, file: MediaFile, now: datetime) -> None:
    """Fetch a failed file again now, with as many further attempts as a new one has."""
    file.state = MediaState.pending.value
    file.tries, file.try_at = 0, now
    file.failure_code = file.failure_sentence = None
    await session.flush()


async def uploaded_for(
    session: AsyncSession, account_id: str, conversation_id: UUID, file_ids: Collection[UUID]
) -> set[UUID]:
    """Return which of these ids are of files that were uploaded for a conversation."""
    if not file_ids:
        return set()
    query = select(MediaFile.id).where(
        MediaFile.id.in_(file_ids),
        MediaFile.account_id == account_id,
        MediaFile.conversation_id == conversation_id,
    )
    return set(await session.scalars(query))


async def known_among(session: AsyncSession, file_ids: Collection[UUID]) -> set[UUID]:
    """Return those ids that a row has."""
    return set(await session.scalars(select(MediaFile.id).where(MediaFile.id.in_(file_ids))))


async def forget_unused(session: AsyncSession, before: datetime) -> None:
    """Delete rows from before a moment that no text and no draft names.

    Their texts were deleted, or never sent. The sweep of the store then deletes their bytes.
    """
    await session.execute(UNUSED, {"before": before})


async def newest_stored(session: AsyncSession, limit: int) -> Sequence[MediaFile]:
    """Return the files that were stored last."""
    query = select(MediaFile).where(MediaFile.stored_at.is_not(None))
    return (await session.scalars(query.order_by(MediaFile.stored_at.desc()).limit(limit))).all()


async def provider_of(session: AsyncSession, conversation_id: UUID) -> str | None:
    """Return the provider of a conversation's line."""
    query = (
        select(Connector.provider)
        .join(Line, Line.connector_id == Connector.id)
        .join(Conversation, Conversation.line_id == Line.id)
        .where(Conversation.id == conversation_id)
    )
    found: str | None = await session.scalar(query)
    return found
