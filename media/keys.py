"""The keys of files in the media store."""

from uuid import UUID


def key_of(account_id: str, file_id: UUID) -> str:
    """Return the key of a file's bytes."""
    return f"{account_id}/{file_id.hex[:2]}/{file_id}"


def thumbnail_key(account_id: str, file_id: UUID) -> str:
    """Return the key of a picture's thumbnail."""
    return f"{key_of(account_id, file_id)}.thumbnail"


def file_of(key: str) -> UUID | None:
    """Return the file that a key belongs to; None for a key that is not ours."""
    try:
        return UUID(key.rpartition("/")[2].removesuffix(".thumbnail"))
    except ValueError:
        return None


PART_ENDING = ".part"


def part_key(account_id: str, export_id: UUID, number: int, attempt: str) -> str:
    """Return the key of a part of an export's file. `attempt`: another one each time."""
    return f"{account_id}/exports/{export_id}/{number:06}-{attempt}{PART_ENDING}"
