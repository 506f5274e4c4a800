"""Submitted forms: read into the JSON API's own models, or refused with a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.datastructures import FormData

from domain.errors import Invalid
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


def parse(kind: type[Model], values: Mapping[str, object], labels: Mapping[str, str]) -> Model:
    """Return a request's model. Raises `Invalid`, which names the first wrong field."""
    try:
        return kind.model_validate(values, strict=False)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        raise Invalid(f"{labels.get(name, name.replace('_', ' '))}: {_sentence(first)}.") from error


def _sentence(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "greater_than_equal" | "less_than_equal":
            bound, word = (
                (context["ge"], "at least") if "ge" in context else (context["le"], "at most")
            )
            return f"must be {word} {bound}"
        case "string_too_short":
            return "may not be empty"
        case "int_type" | "int_parsing" | "float_parsing":
            return "must be a number"
        case "string_pattern_mismatch":
            return "has the wrong format"
        case _:
            return error["msg"].removeprefix("Value error, ").removeprefix("Input ").rstrip(".")
