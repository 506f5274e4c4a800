"""Cursors of lists of conversations."""

from datetime import datetime
from uuid import UUID

from api.schemas.shared import read_cursor, unknown_cursor
from database.queries.conversations import ListedConversation, ListPosition


def written_position(shown: ListedConversation) -> list[str]:
    """Return the position of a list's last conversation, for its cursor."""
    return [shown.conversation.opened_at.isoformat(), str(shown.conversation.id)]


def read_position(cursor: str | None) -> ListPosition | None:
    """Return the position in a cursor. Raises `Invalid`."""
    if cursor is None:
        return None
    opened_at, conversation_id = read_cursor(cursor, parts=2)
    try:
        return ListPosition(datetime.fromisoformat(opened_at), UUID(conversation_id))
    except ValueError as error:
        raise unknown_cursor() from error
