"""Turns fetched or uploaded bytes into what is stored: a picture written again, or a file as is."""

from dataclasses import dataclass
from typing import TypedDict
from uuid import UUID

from media.failures import FileUnfit, Reason
from media.keys import key_of, thumbnail_key
from media.kinds import is_announced_picture, kind_of
from media.pictures import Pictures
from media.store import MediaStore


class Description(TypedDict):
    """What the row of a file says of it."""

    content_type: str
    ending: str
    size: int
    width: int | None
    height: int | None
    thumbnail_type: str | None


@dataclass(frozen=True)
class Kept:
    """A file as it is to be stored. `thumbnail`: of a picture; `width`, `height`: in pixels."""

    data: bytes
    content_type: str
    ending: str
    thumbnail: bytes | None = None
    thumbnail_type: str | None = None
    width: int | None = None
    height: int | None = None

    @property
    def described(self) -> Description:
        """What its row says of it."""
        return {
            "content_type": self.content_type,
            "ending": self.ending,
            "size": len(self.data),
            "width": self.width,
            "height": self.height,
            "thumbnail_type": self.thumbnail_type,
        }


ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif"}


async def kept(pictures: Pictures, data: bytes, announced: str) -> Kept:
    """Return what to store of a file. Raises `FileUnfit` for a picture that is none."""
    if not data:
        raise FileUnfit(Reason.empty)
    kind = kind_of(data, announced)
    if kind.is_opened:
        return await picture(pictures, data)
    if is_announced_picture(announced) and not kind.is_picture:
        raise FileUnfit(Reason.not_a_picture)
    return Kept(data, kind.content_type, kind.ending)


async def picture(pictures: Pictures, data: bytes) -> Kept:
    """Return a picture as it is to be stored. Raises `FileUnfit`."""
    written = await pictures.written_again(data)
    return Kept(
        written.data,
        written.content_type,
        ENDINGS[written.content_type],
        written.thumbnail,
        written.thumbnail_type,
        written.width,
        written.height,
    )


async def put(store: MediaStore, account_id: str, file_id: UUID, found: Kept) -> None:
    """Store a file and its thumbnail, again if they are there already. Raises `StoreAway`."""
    if found.thumbnail:
        await store.put(thumbnail_key(account_id, file_id), found.thumbnail)
    await store.put(key_of(account_id, file_id), found.data)
