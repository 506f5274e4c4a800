"""Cursors of lists: each belongs to its list, and holds where the list goes on."""

from datetime import datetime
from uuid import UUID

from fastapi import Request

from api.schemas.shared import OF_LIST, read_cursor, unknown_cursor
from database.queries.conversations import ListedConversation, ListPosition


async def bind_cursors(request: Request) -> None:
    """Make the cursors of this answer those of its list alone."""
    OF_LIST.set(request.url.path)


def written_position(shown: ListedConversation) -> list[str]:
    """Return the position of a list's last conversation, for its cursor."""
    return [shown.conversation.opened_at.isoformat(), str(shown.conversation.id)]


def read_position(cursor: str | None) -> ListPosition | None:
    """Return the position in a cursor. Raises `Invalid`."""
    found = read_moment_and_id(cursor)
    return ListPosition(*found) if found else None


def read_moment_and_id(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Return the moment and the id in a cursor. Raises `Invalid`."""
    if cursor is None:
        return None
    at, row_id = read_cursor(cursor, parts=2)
    try:
        return read_moment(at), UUID(row_id)
    except ValueError as error:
        raise unknown_cursor() from error


def read_moment(written: str) -> datetime:
    """Return a moment of a cursor. Raises `ValueError`."""
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError("a cursor's moments have a zone")
    return moment
