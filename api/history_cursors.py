"""Cursors of all conversations: where a page ends, in the order it was asked in."""

from datetime import datetime
from uuid import UUID

from api.list_cursors import read_moment
from api.schemas.shared import read_cursor, unknown_cursor, write_cursor
from database.queries.records.places import Order, Place

MOST = 2**31 - 1


def written_place(place: Place | None, order: Order) -> str | None:
    """Return the cursor of a place."""
    if place is None:
        return None
    match place.value:
        case None:
            value = ""
        case datetime():
            value = place.value.isoformat()
        case int():
            value = str(place.value)
    return write_cursor([_name(order), value, place.opened_at.isoformat(), str(place.id)])


def read_place(cursor: str | None, order: Order) -> Place | None:
    """Return the place in a cursor of this order. Raises `Invalid`."""
    if cursor is None:
        return None
    name, value, opened_at, conversation_id = read_cursor(cursor, parts=4)
    if name != _name(order):
        raise unknown_cursor()
    try:
        return Place(_value(value, order), read_moment(opened_at), UUID(conversation_id))
    except ValueError as error:
        raise unknown_cursor() from error


def _value(written: str, order: Order) -> datetime | int | None:
    if not written:
        return None
    if order.sort.is_moment:
        return read_moment(written)
    if not written.isascii() or not written.isdigit() or int(written) > MOST:
        raise ValueError("a value of a cursor is a number")
    return int(written)


def _name(order: Order) -> str:
    return f"{order.sort}{'+' if order.ascending else '-'}"
