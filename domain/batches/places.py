"""Places of rows in a batch, and the ids of its texts: the same however often they are made."""

from uuid import UUID, uuid5

from domain.ids import OURS

MOST_LINES = 100_000_000
"""Of an upload. Ours: above the lines of the largest file that is taken."""


def place_of(upload: int, line: int) -> int:
    """Return the place of a row in its batch: unique, in the order of uploads and lines."""
    return upload * MOST_LINES + line


def upload_and_line(place: int) -> tuple[int, int]:
    """Return the upload of a place, and its line."""
    return divmod(place, MOST_LINES)


def text_id(batch_id: UUID, place: int) -> UUID:
    """Return the id of the text to a recipient. Written twice, it is one text."""
    return uuid5(OURS, f"batch/{batch_id}/{place}")
