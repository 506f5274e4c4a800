"""Pictures that agents send: uploaded for a conversation, then sent with a reply."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import media
from database.queries.media import StoredFile
from database.tables import MediaFile
from domain.conversation.effects import MediaRef
from domain.delivery.media_state import MediaState
from domain.errors import NotFound
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from media.failures import FileUnfit, Reason
from media.intake import picture, put
from media.kinds import kind_of
from media.pictures import Pictures
from media.store import MediaStore
from providers.registry import descriptions
from services.caller import Caller
from services.clock import utc_now
from services.errors import PicturesNotPossible, PictureUnfit
from services.looking.conversations import find_conversation

LARGEST_PICTURE = 5_000_000
"""Bytes of one picture, and of all pictures of a text: the limit of providers."""
MOST_PICTURES = 10
"""The limit of providers for one text."""
SENT = frozenset({"image/jpeg", "image/png", "image/gif"})
"""What every phone shows."""


@dataclass(frozen=True)
class Uploading:
    """Where uploads go."""

    sessions: Sessions
    store: MediaStore
    pictures: Pictures


async def check_upload(caller: Caller, to: Uploading, conversation_id: UUID) -> None:
    """Refuse an upload before its bytes are read. Raises `NotFound`, `PicturesNotPossible`."""
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_write)
    async with to.sessions.begin() as session:
        if not await may_send(caller, session, conversation_id):
            raise PicturesNotPossible


async def may_send(caller: Caller, session: AsyncSession, conversation_id: UUID) -> bool:
    """Say whether the conversation's line can send pictures. Raises `NotFound`."""
    await find_conversation(caller, session, conversation_id)
    name = await media.provider_of(session, conversation_id)
    return any(one.name == name and one.capabilities.sends_media for one in descriptions())


async def upload(caller: Caller, to: Uploading, conversation_id: UUID, data: bytes) -> MediaFile:
    """Store a picture to be sent in a conversation. Raises `PictureUnfit`, `StoreAway`.

    It is written again, as all pictures are: what it tells of places and people is not sent.
    """
    await check_upload(caller, to, conversation_id)
    if len(data) > LARGEST_PICTURE:
        raise PictureUnfit("A picture may have at most 5 MB.")
    if kind_of(data, "").content_type not in SENT:
        raise PictureUnfit
    try:
        found = await picture(to.pictures, data)
    except FileUnfit as unfit:
        raise PictureUnfit(_said(unfit)) from unfit
    if len(found.data) > LARGEST_PICTURE:
        raise PictureUnfit("A picture may have at most 5 MB. Send a smaller one.")
    file_id, now = uuid4(), utc_now()
    await put(to.store, caller.account_id, file_id, found)
    agent_id = caller.person.agent_id if caller.person else None
    row = MediaFile(
        id=file_id,
        account_id=caller.account_id,
        conversation_id=conversation_id,
        agent_id=agent_id,
        announced_type=found.content_type,
        state=MediaState.stored.value,
        created_at=now,
        stored_at=now,
        **vars(StoredFile(**found.described)),
    )
    async with to.sessions.begin() as session:
        session.add(row)
    return row


def _said(unfit: FileUnfit) -> str:
    if unfit.reason is Reason.picture_too_large:
        return unfit.sentence
    return PictureUnfit.sentence


async def references(
    session: AsyncSession, account_id: str, conversation_id: UUID, file_ids: Sequence[UUID]
) -> tuple[MediaRef, ...]:
    """Return what a reply says of its pictures. Raises `NotFound`, `PictureUnfit`."""
    if len(file_ids) > MOST_PICTURES:
        raise PictureUnfit(f"A text may have at most {MOST_PICTURES} pictures.")
    found = await media.by_id(session, file_ids)
    files = [found.get(file_id) for file_id in dict.fromkeys(file_ids)]
    ours = [
        file
        for file in files
        if file and (file.account_id, file.conversation_id) == (account_id, conversation_id)
    ]
    if len(ours) < len(files):
        raise NotFound
    if sum(file.size or 0 for file in ours) > LARGEST_PICTURE:
        raise PictureUnfit("The pictures of a text may have at most 5 MB together.")
    return tuple(
        MediaRef(url="", content_type=file.content_type or "", file_id=str(file.id))
        for file in ours
    )
