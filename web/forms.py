"""Submitted forms: read into the JSON API's own models, or refused with a sentence."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.datastructures import FormData

from domain.errors import Invalid, NameTaken
from web import durations
from web.words import _, mark, n, said

Model = TypeVar("Model", bound=BaseModel)
Value = str | int | bool | list[str] | None


@dataclass(frozen=True)
class FormFields:
    """The fields of a submitted form."""

    data: FormData

    def text(self, name: str) -> str:
        """Return a field's text without surrounding blanks, empty for a missing field."""
        value = self.data.get(name)
        return value.strip().replace("\r\n", "\n") if isinstance(value, str) else ""

    def maybe(self, name: str) -> str | None:
        """Return a field's text, None when it is blank."""
        return self.text(name) or None

    def every(self, name: str) -> list[str]:
        """Return all values chosen for a field."""
        return [value for value in self.data.getlist(name) if isinstance(value, str)]

    def every_row(self, name: str) -> list[str]:
        """Return the texts of a field that stands in each row of a table, in their order."""
        return [value.strip() for value in self.every(name)]

    def is_checked(self, name: str) -> bool:
        return name in self.data

    def seconds(self, name: str, label: str) -> int | None:
        """Return a duration in seconds, None when the field is blank. Raises `Invalid`."""
        try:
            return durations.to_seconds(self.text(name))
        except Invalid as error:
            told = _("{label}: {problem}", label=label, problem=said(error.detail))
            raise Invalid(told) from error


async def get_form_fields(request: Request) -> FormFields:
    return FormFields(await request.form())


FormFieldsDep = Annotated[FormFields, Depends(get_form_fields)]


DATES = ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact")
KINDS = {
    **dict.fromkeys(("missing", "string_type"), mark("is missing")),
    **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size"), mark("must be a number")),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), mark("must be a number")),
    "int_from_float": mark("must be a whole number"),
    **dict.fromkeys(DATES, mark("must be a date such as 2026-12-24")),
    **dict.fromkeys(("time_type", "time_parsing"), mark("must be a time such as 09:00")),
    **dict.fromkeys(("bool_type", "bool_parsing"), mark("must be yes or no")),
    **dict.fromkeys(("enum", "literal_error"), mark("must be one of the choices")),
    "string_pattern_mismatch": mark("has the wrong format"),
}
"""What to say for pydantic's kinds of errors."""


def parse(kind: type[Model], values: Mapping[str, object], labels: Mapping[str, str]) -> Model:
    """Return a request's model. Raises `Invalid`, which names the first wrong field."""
    try:
        return kind.model_validate(values, strict=False)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        label = labels.get(name, name.replace("_", " "))
        told = _("{label}: {problem}.", label=label, problem=_sentence(first))
        raise Invalid(told) from error


@contextmanager
def beside_name() -> Iterator[None]:
    """Let the page say that a name is taken beside its field, which is labelled Name."""
    try:
        yield
    except NameTaken as error:
        told = _("{label}: {problem}", label=_("Name"), problem=said(error.detail))
        raise NameTaken(told) from error


def _sentence(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "greater_than_equal":
            return _("must be at least {bound}", bound=context["ge"])
        case "less_than_equal":
            return _("must be at most {bound}", bound=context["le"])
        case "string_too_short" | "too_short" if context["min_length"] == 1:
            return _("may not be empty")
        case "string_too_short" | "too_short":
            return _too_short(context["min_length"], is_list=isinstance(error["input"], list))
        case "string_too_long" | "too_long":
            return _too_long(context["max_length"], is_list=isinstance(error["input"], list))
        case "value_error":  # ours
            return said(str(context.get("error", error["msg"]))).rstrip(".")
        case kind:
            return said(KINDS.get(kind, mark("is not valid")))


def _too_short(least: int, *, is_list: bool) -> str:
    if is_list:
        return n("needs at least {n} entry", "needs at least {n} entries", least)
    return n("needs at least {n} character", "needs at least {n} characters", least)


def _too_long(most: int, *, is_list: bool) -> str:
    if is_list:
        return n("may have at most {n} entry", "may have at most {n} entries", most)
    return n("may have at most {n} character", "may have at most {n} characters", most)
