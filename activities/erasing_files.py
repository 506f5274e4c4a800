"""Erases rows of a table; those of files after their objects, so that no object stays behind."""

from sqlalchemy.ext.asyncio import AsyncSession

from database.erasing import rows
from database.erasing.rows import FILES, About
from media.keys import key_of, thumbnail_key
from media.store import MediaStore

FILES_AT_ONCE = 20
"""Files of one transaction. Ours: each is a call to the store, and a transaction has an end."""


async def erase_from(
    session: AsyncSession, store: MediaStore, name: str, about: About, limit: int
) -> int:
    """Erase rows of a table, at most about `limit`. Returns how many. Raises `StoreAway`."""
    if name != FILES:
        return await rows.erase(session, name, about, limit)
    ids = await rows.files(session, about, FILES_AT_ONCE)
    for id_ in ids:
        await store.delete([key_of(about.account_id, id_), thumbnail_key(about.account_id, id_)])
    return await rows.forget_files(session, ids)
