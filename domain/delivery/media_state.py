"""What became of a file."""

from enum import StrEnum


class MediaState(StrEnum):
    """The state of a file: to be fetched, in the media store, or why not yet."""

    pending = "pending"
    stored = "stored"
    failed = "failed"
