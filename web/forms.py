"""Submitted forms: read into the JSON API's own models, or refused with a sentence per field."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.datastructures import FormData

from domain.errors import DomainError, Invalid, NameTaken
from web import durations
from web.words import _, mark, n, number, said

Model = TypeVar("Model", bound=BaseModel)
Value = str | int | bool | list[str] | None


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field, in the reader's language: beside it, and named by its label."""

    field: str
    beside: str
    sentence: str

    @classmethod
    def of(cls, field: str, label: str, problem: str) -> "Problem":
        """Return a problem from words that continue the label, or are a sentence of their own."""
        plain = problem.rstrip(".")
        told = _("{label}: {problem}.", label=label, problem=plain)
        return cls(field, f"{plain[:1].upper()}{plain[1:]}.", told)


class FieldsInvalid(Invalid):
    """Fields of a form are not valid. Pages show each problem beside its field."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(one.sentence for one in problems))
        self.problems = problems


class FieldTaken(NameTaken):
    """What a field names belongs to something else already."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problems: Sequence[Problem] = (problem,)


def problems_of(error: DomainError) -> Sequence[Problem]:
    """Return what a refusal says of single fields; nothing for any other refusal."""
    return error.problems if isinstance(error, FieldsInvalid | FieldTaken) else ()


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
            problem = Problem.of(name, label, said(error.detail))
            raise FieldsInvalid([problem]) from error


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
    "uuid_parsing": mark("must be an id such as 4f1c8e52-7d0b-4c7e-9a51-2b6f0d3a9e10"),
    "string_pattern_mismatch": mark("has the wrong format"),
}
"""What to say for pydantic's kinds of errors."""


def parse(kind: type[Model], values: Mapping[str, object], labels: Mapping[str, str]) -> Model:
    """Return a request's model. Raises `FieldsInvalid`, which names every wrong field once."""
    try:
        return kind.model_validate(values, strict=False)
    except ValidationError as error:
        raise FieldsInvalid(_problems(error, labels)) from error


def _problems(error: ValidationError, labels: Mapping[str, str]) -> list[Problem]:
    found: dict[str, ErrorDetails] = {}
    for one in error.errors():
        found.setdefault(str(one["loc"][0]) if one["loc"] else "", one)
    return [
        Problem.of(name, labels.get(name, name.replace("_", " ")), _sentence(name, one))
        for name, one in found.items()
    ]


@contextmanager
def _beside_taken(field: str, label: str) -> Iterator[None]:
    try:
        yield
    except NameTaken as error:
        raise FieldTaken(Problem.of(field, label, said(error.detail))) from error


@contextmanager
def beside(field: str, label: str) -> Iterator[None]:
    """Let the page say a refusal of our rules beside the field that it is about."""
    try:
        with _beside_taken(field, label):
            yield
    except Invalid as error:
        raise FieldsInvalid([Problem.of(field, label, said(error.detail))]) from error


def beside_name() -> AbstractContextManager[None]:
    """Let the page say that a name is taken beside its field, which is labelled Name.

    Names are looked at before: what is invalid is about another field, whose sentence says so.
    """
    return _beside_taken("name", _("Name"))


def _sentence(name: str, error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "greater_than_equal":
            return _("must be at least {bound}", bound=_in_unit(name, context["ge"]))
        case "less_than_equal":
            return _("must be at most {bound}", bound=_in_unit(name, context["le"]))
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


def _in_unit(name: str, bound: float) -> str:
    """Return a bound as people write the field: `25 min`, not `1500`."""
    return durations.to_text(int(bound)) if name.endswith("_seconds") else number(bound)


def _too_short(least: int, *, is_list: bool) -> str:
    if is_list:
        return n("needs at least {n} entry", "needs at least {n} entries", least)
    return n("needs at least {n} character", "needs at least {n} characters", least)


def _too_long(most: int, *, is_list: bool) -> str:
    if is_list:
        return n("may have at most {n} entry", "may have at most {n} entries", most)
    return n("may have at most {n} character", "may have at most {n} characters", most)
