"""Fields of things in a file, read off the services that set them and the tables that keep them.

A setting that a service learns is in the file at once, under its own name.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import time
from enum import StrEnum
from types import NoneType
from typing import Final, get_args, get_type_hints

from pydantic import JsonValue

from database.tables import Table as DatabaseTable
from domain.settings.allowed import NAMES, RANGES, Range
from services.brand_file.forms import (
    Choice,
    Duration,
    Form,
    Line,
    Number,
    Optional,
    Reading,
    Text,
    TimeOfDay,
    YesNo,
)
from services.brand_file.names import Names
from services.brand_file.tree import Scalar
from services.changes import Unchanged

UNITS = {"_seconds": 1, "_days": 86_400}
"""Endings of settings that are durations, which a file leaves out, and their units in seconds."""
NOTHING = {
    "response_seconds": "none",
    "first_response_seconds": "as response",
    "retention_days": "for good",
}
"""Words for settings of the account that are not set, where another word would mislead."""
REQUIRED: Final = object()


@dataclass(frozen=True)
class Field:
    """A setting in a file. `default`: what holds where it is left out; `REQUIRED`: it cannot be.

    `is_late`: set when everything that it may refer to is there. `is_fixed`: it never changes.
    `keeps`: left out, it stays as it is, because what holds depends on other things. `within`: what
    it may be, where its name does not tell (`domain.settings.allowed.RANGES`).
    """

    key: str
    attribute: str
    form: Form
    default: object = None
    is_late: bool = False
    is_fixed: bool = False
    keeps: bool = False
    within: Range | None = None

    @property
    def allowed(self) -> Range | None:
        return self.within or RANGES.get(self.attribute)

    @property
    def is_required(self) -> bool:
        return self.default is REQUIRED


def fields_of(
    change: type,
    table: type[DatabaseTable] | None = None,
    *,
    but: Collection[str] = (),
    forms: Mapping[str, Form] | None = None,
    columns: Mapping[str, str] | None = None,
    late: Collection[str] = (),
    required: Collection[str] = (),
    defaults: Mapping[str, JsonValue] | None = None,
    nothing: str | None = None,
) -> tuple[Field, ...]:
    """Return the fields of a service's change, in its order.

    `forms`: of fields whose type does not tell. `columns`: of those named otherwise in the table.
    `defaults`: of those whose table has none, because the service has. `nothing`: the word for
    settings that are not set.
    """
    hints = get_type_hints(change)
    given, named = forms or {}, columns or {}
    return tuple(
        Field(
            key=_key(one.name),
            attribute=one.name,
            form=(form := given.get(one.name) or _form(one.name, hints[one.name], nothing)),
            default=REQUIRED
            if one.name in required
            else (defaults or {}).get(one.name)
            if one.name in (defaults or {})
            else _default(table, named.get(one.name, one.name), form),
            is_late=one.name in late,
        )
        for one in fields(change)
        if one.name not in but
    )


def _key(attribute: str) -> str:
    return next(
        (attribute.removesuffix(end) for end in UNITS if attribute.endswith(end)), attribute
    )


def _form(name: str, hint: object, nothing: str | None) -> Form:
    types = [one for one in _types(hint) if one is not Unchanged]
    may_be_nothing = NoneType in types
    [kind] = [one for one in types if one is not NoneType]
    unit = next((size for end, size in UNITS.items() if name.endswith(end)), None)
    form = Duration(unit) if unit else Line() if name in NAMES else _plain_form(kind)
    return Optional(form, nothing or _nothing(name, unit)) if may_be_nothing else form


def _nothing(name: str, unit: int | None) -> str:
    if name in NOTHING:
        return NOTHING[name]
    if name.endswith(("_a_minute", "_a_day")):
        return "unlimited"
    return "never" if unit else "null"


def _types(hint: object) -> Iterator[object]:
    yield from get_args(hint) or [hint]


def _plain_form(kind: object) -> Form:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return Choice(kind)
    forms: dict[object, Form] = {
        bool: YesNo(),
        int: Number(),
        float: Number(is_whole=False),
        str: Text(),
        time: TimeOfDay(),
    }
    return forms[kind]


def _default(table: type[DatabaseTable] | None, column: str, form: Form) -> object:
    """Return the column's default, in the file's words."""
    if table is None or column not in table.__table__.columns:
        return None
    columns = table.__table__.columns
    found = columns[column].server_default
    if found is None:
        return None if columns[column].nullable else REQUIRED
    words = str(getattr(found.arg, "text", found.arg)).strip("'")
    inner = form.form if isinstance(form, Optional) else form
    if isinstance(inner, Duration):
        return Duration(inner.unit).shown(int(words), Names())
    if isinstance(inner, YesNo | Number):
        return inner.read(Scalar(0, words), Reading())
    return {} if words == "{}" else words


def differing(
    fields: Collection[Field], values: Mapping[str, JsonValue], *, all_of_them: bool
) -> dict[str, JsonValue]:
    """Return the values to write: those that are not the defaults, or all."""
    return {
        one.key: values[one.key]
        for one in fields
        if all_of_them or one.keeps or one.is_required or values[one.key] != one.default
    }
