"""Reads a file that is kept in parts, whole or from one place to another."""

from collections.abc import AsyncIterator, Sequence

from database.tables import ExportPart
from media.store import MediaStore


async def read(
    store: MediaStore, parts: Sequence[ExportPart], begins: int = 0, ends: int | None = None
) -> AsyncIterator[bytes]:
    """Yield the bytes of a file, from one place to before another; None: to its end.

    Raises `FileMissing`, `StoreAway`.
    """
    at = 0
    for part in parts:
        after = at + (part.size or 0)
        until = after if ends is None else min(ends, after)
        if places := range(max(begins - at, 0), until - at):
            stored = await store.open(part.key, places)
            async for piece in stored.pieces:
                yield piece
        at = after
