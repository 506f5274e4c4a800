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

    def is_checked(self, name: str) -> bool:
        return name in self.data

    def seconds(self, name: str, label: str) -> int | None:
        """Return a duration in seconds, None when the field is blank. Raises `Invalid`."""
        try:
            return durations.to_seconds(self.text(name))
        except Invalid as error:
            raise Invalid(f"{label}: {error.detail}") from error


async def get_form_fields(request: Request) -> FormFields:
    return FormFields(await request.form())


FormFieldsDep = Annotated[FormFields, Depends(get_form_fields)]


KINDS = {
    **dict.fromkeys(("missing", "string_type"), "is missing"),
    **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size"), "must be a number"),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), "must be a number"),
    "int_from_float": "must be a whole number",
    **dict.fromkeys(("date_type", "date_parsing"), "must be a date such as 2026-12-24"),
    "date_from_datetime_parsing": "must be a date such as 2026-12-24",
    "date_from_datetime_inexact": "must be a date such as 2026-12-24",
    **dict.fromkeys(("time_type", "time_parsing"), "must be a time such as 09:00"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "must be yes or no"),
    **dict.fromkeys(("enum", "literal_error"), "must be one of the choices"),
    "string_pattern_mismatch": "has the wrong format",
}
"""What to say for pydantic's kinds of errors."""


def parse(kind: type[Model], values: Mapping[str, object], labels: Mapping[str, str]) -> Model:
    """Return a request's model. Raises `Invalid`, which names the first wrong field."""
    try:
        return kind.model_validate(values, strict=False)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        raise Invalid(f"{labels.get(name, name.replace('_', ' '))}: {_sentence(first)}.") from error


@contextmanager
def beside_name() -> Iterator[None]:
    """Let the page say that a name is taken beside its field, which is labelled Name."""
    try:
        yield
    except NameTaken as error:
        raise NameTaken(f"Name: {error.detail}") from error


def _sentence(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    of_these = "entries" if isinstance(error["input"], list) else "characters"  # also of a secret
    match error["type"]:
        case "greater_than_equal" | "less_than_equal":
            bound, word = (
                (context["ge"], "at least") if "ge" in context else (context["le"], "at most")
            )
            return f"must be {word} {bound}"
        case "string_too_short" | "too_short":
            shortest = context["min_length"]
            return "may not be empty" if shortest == 1 else f"needs at least {shortest} {of_these}"
        case "string_too_long" | "too_long":
            return f"may have at most {context['max_length']} {of_these}"
        case "value_error":  # ours
            return str(context.get("error", error["msg"])).rstrip(".")
        case kind:
            return KINDS.get(kind, "is not valid")
