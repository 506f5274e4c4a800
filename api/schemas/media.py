"""Files of messages, as they are shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from api.schemas.shared import Answer
from database.tables import MediaFile
from domain.delivery.media_state import MediaState

LOST = "Nothing is known of this file any more: the database was restored to an earlier time."


class MediaOut(Answer):
    """A file of a message. `failure_sentence` says why it could not be fetched, and `try_at` when
    it is tried again. `content_type`: by its content once it is stored, before that as announced.
    """

    id: UUID | None
    state: MediaState
    content_type: str
    size: int | None = None
    width: int | None = None
    height: int | None = None
    url: str | None = None
    """Where it can be read, once it is stored."""
    thumbnail_url: str | None = None
    """A small form of a picture."""
    failure_code: str | None = None
    failure_sentence: str | None = None
    try_at: datetime | None = None

    @classmethod
    def listed(
        cls, media: Sequence[Mapping[str, Any]], files: Mapping[UUID, MediaFile]
    ) -> list[Self]:
        """Return the files of a message, in its order."""
        return [cls._of(ref, files) for ref in media]

    @classmethod
    def _of(cls, ref: Mapping[str, Any], files: Mapping[UUID, MediaFile]) -> Self:
        file_id = UUID(ref["file_id"]) if ref.get("file_id") else None
        file = files.get(file_id) if file_id else None
        if file is None:
            return cls(
                id=file_id,
                state=MediaState.failed,
                content_type=ref["content_type"],
                failure_code="lost",
                failure_sentence=LOST,
            )
        return cls.of(file)

    @classmethod
    def of(cls, file: MediaFile) -> Self:
        """Return a file as it is now."""
        is_stored = file.state == MediaState.stored
        url = f"/v1/media/{file.id}"
        return cls(
            id=file.id,
            state=MediaState(file.state),
            content_type=file.content_type or file.announced_type,
            size=file.size,
            width=file.width,
            height=file.height,
            url=url if is_stored else None,
            thumbnail_url=f"{url}/thumbnail" if is_stored and file.thumbnail_type else None,
            failure_code=file.failure_code,
            failure_sentence=file.failure_sentence,
            try_at=file.try_at if file.state == MediaState.failed else None,
        )

    @property
    def is_announced_picture(self) -> bool:
        """Whether it is a picture, or was announced as one."""
        return self.content_type.startswith("image/")

    @property
    def label(self) -> str:
        """What pages call it."""
        if self.content_type == "text/plain":
            return "Text"
        return "Picture" if self.is_announced_picture else "File"
