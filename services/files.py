"""Files of conversations: who may see a conversation may see its files, and fetch them again."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import media
from database.tables import Conversation, MediaFile
from domain.delivery.media_state import MediaState
from domain.errors import NotFound
from domain.people.token_scopes import TokenScope
from media.keys import key_of, thumbnail_key
from media.store import FileMissing, MediaStore, StoredBytes
from services import auditing
from services.caller import Caller
from services.clock import utc_now
from services.errors import FileNotThere
from services.looking.conversations import find_conversation

SHOWN = frozenset({"image/jpeg", "image/png", "image/gif"})
"""Types that a browser may show: pictures that we wrote ourselves. All others are downloaded."""


@dataclass(frozen=True)
class Content:
    """A file's bytes. `name`: for its download. `is_shown`: a browser may show it."""

    stored: StoredBytes
    content_type: str
    name: str
    is_shown: bool


async def find_file(caller: Caller, session: AsyncSession, file_id: UUID) -> MediaFile:
    """Return a file of a conversation that the caller may see, and keep that they read it.

    Raises `NotFound`.
    """
    caller.require_scope(TokenScope.conversations_read)
    file, row = await _found(caller, session, file_id)
    await auditing.note_looked_in(caller, session, {row.id: row.agent_id}, auditing.FILES)
    return file


async def _found(
    caller: Caller, session: AsyncSession, file_id: UUID
) -> tuple[MediaFile, Conversation]:
    file = await media.in_account(session, caller.account_id, file_id)
    conversation_id = await media.conversation_of(session, file) if file else None
    if file is None or conversation_id is None:
        raise NotFound
    shown = await find_conversation(caller, session, conversation_id)
    return file, shown.conversation


async def read_content(store: MediaStore, file: MediaFile, *, thumbnail: bool = False) -> Content:
    """Return a file's bytes, or those of its thumbnail. Hold no transaction meanwhile.

    Raises `FileNotThere`, `StoreAway`.
    """
    kind = file.thumbnail_type if thumbnail else file.content_type
    if file.state != MediaState.stored or kind is None:
        raise FileNotThere
    key = thumbnail_key if thumbnail else key_of
    try:
        stored = await store.open(key(file.account_id, file.id))
    except FileMissing as error:
        raise FileNotThere("The media store has lost this file.") from error
    is_shown = thumbnail or (kind in SHOWN and file.thumbnail_type is not None)
    return Content(stored, kind, f"{file.id}.{file.ending}", is_shown)


async def fetch_again(caller: Caller, session: AsyncSession, file_id: UUID) -> UUID:
    """Fetch a file that failed once more, now; returns its conversation. Raises `NotFound`.

    Nothing happens to a file that has not failed.
    """
    caller.require_scope(TokenScope.conversations_write)
    file, row = await _found(caller, session, file_id)
    if file.message_id is not None and file.state == MediaState.failed:
        now = utc_now()
        await media.try_again(session, file, now)
        await media.announce(session, file.message_id, file.id, MediaState.pending, now)
    return row.id
