"""What all requests and answers share: strictness, kinds of strings, pages."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from domain.errors import Invalid, NotFound
from domain.ids import SLUG
from domain.people.log_in_names import LONGEST_NAME
from domain.text.hidden import is_one_line, is_seen
from domain.writing.signatures import LONGEST_SIGNATURE
from services.inputs import Input, Slug

# Schemas take these from here, services from where they are.
from services.inputs import Language as Language
from services.inputs import Text as Text
from services.inputs import example as example
from services.inputs import within as within


class Request(Input):
    """A request body."""


class Answer(BaseModel):
    """An answer body."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


def _one_line(text: str) -> str:
    if not is_one_line(text):
        raise ValueError("must be one line of printable characters")
    return text


def _seen(text: str) -> str:
    if not is_seen(text):
        raise ValueError("must have a character that can be seen")
    return text


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be one line of printable characters")
    return text


def _known_form(text: str) -> str:
    # Nothing can have such an id: it is not found, rather than invalid.
    if not SLUG.fullmatch(text):
        raise NotFound
    return text


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME),
    AfterValidator(_one_line),
    AfterValidator(_seen),
]
OneLine = Annotated[str, AfterValidator(_one_line)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=400), AfterValidator(_printable)]
SignatureText = Annotated[str, StringConstraints(max_length=LONGEST_SIGNATURE)]
SlugText = Slug
SlugPath = Annotated[str, AfterValidator(_known_form)]
UuidPath = Annotated[UUID, BeforeValidator(_uuid)]


def unchanged() -> Any:
    """Return the value of a field that was not sent. It is never read."""
    return None


def sent(change: Request) -> dict[str, Any]:
    """Return the fields of a change that were sent."""
    return change.model_dump(exclude_unset=True)


LATEST = 2**63 - 1
"""The highest number a row can have."""

Item = TypeVar("Item")


class Page(Answer, Generic[Item]):
    """A page of a list. `next`: the `cursor` of the next page, null at the end."""

    items: list[Item]
    next: str | None = None


Limit = Annotated[int, Query(ge=1, le=200, description="Entries of a page.")]
Cursor = Annotated[
    str | None,
    Query(max_length=200, description="`next` of the previous page."),
]

Row = TypeVar("Row")


def page_of(
    rows: Sequence[Row],
    limit: int,
    show: Callable[[Row], Item],
    position: Callable[[Row], Sequence[str]],
) -> Page[Item]:
    """Return a page of rows. The query asked for one more than `limit`."""
    shown = rows[:limit]
    follows = write_cursor(position(shown[-1])) if len(rows) > limit else None
    return Page(items=[show(row) for row in shown], next=follows)


OF_LIST: ContextVar[str] = ContextVar("of_list", default="")
"""The address of the list that is being answered. Pages have none."""


def _mark() -> str:
    """Return what tells the cursors of this list from those of others."""
    return hashlib.sha256(OF_LIST.get().encode()).hexdigest()[:6]


def write_cursor(position: Sequence[str]) -> str:
    written = "\n".join((*position, _mark()))
    return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")


def read_cursor(cursor: str, parts: int = 1) -> list[str]:
    """Return the position a cursor stands for. Raises `Invalid`."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        written = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise unknown_cursor() from error
    *position, mark = written.split("\n")
    if len(position) != parts or mark != _mark() or "\0" in written:
        raise unknown_cursor()
    return position


def unknown_cursor() -> Invalid:
    return Invalid("This cursor was not made by this list.")


def after_id(cursor: str | None) -> str | None:
    """Return the id after which a list by id goes on. Raises `Invalid`."""
    if cursor is None:
        return None
    position = read_cursor(cursor)[0]
    if not SLUG.fullmatch(position):
        raise unknown_cursor()
    return position


def after_number(cursor: str | None) -> int | None:
    """Return the number after which a list goes on. Raises `Invalid`."""
    if cursor is None:
        return None
    position = read_cursor(cursor)[0]
    if not position.isascii() or not position.isdigit() or int(position) > LATEST:
        raise unknown_cursor()
    return int(position)


def change(description: str) -> Any:
    """Declare a field of a change. Left out, the value stays as it is; null is not allowed."""
    return Field(default_factory=unchanged, description=description)
