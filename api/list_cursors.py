"""Cursors of lists: each belongs to its list, and holds where the list goes on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

from fastapi import Query, Request

from api.schemas.shared import (
    OF_LIST,
    after_number,
    read_cursor,
    unknown_cursor,
    write_cursor,
)
from database.queries.conversations import ListedConversation, ListPosition

MOST_SETTINGS = 200
"""Entries of a part of settings without a limit. Ours: as many as of a page."""


async def bind_cursors(request: Request) -> None:
    """Make the cursors of this answer those of its list alone."""
    OF_LIST.set(request.url.path)


class Numbered(Protocol):
    """A row with a number."""

    @property
    def id(self) -> int: ...


SettingsLimit = Annotated[
    int | None, Query(ge=1, le=200, description="Entries of `set`. Without one: all of them.")
]
Row = TypeVar("Row", bound=Numbered)


def part_of(
    rows: Sequence[Row], cursor: str | None, limit: int | None
) -> tuple[Sequence[Row], str | None]:
    """Return a part of settings and the cursor of the next, or all of them. Raises `Invalid`."""
    if cursor is None and limit is None:
        return rows, None
    after = after_number(cursor) or 0
    rest = sorted((row for row in rows if row.id > after), key=lambda row: row.id)
    shown = rest[: limit or MOST_SETTINGS]
    return shown, write_cursor([str(shown[-1].id)]) if len(rest) > len(shown) else None


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
