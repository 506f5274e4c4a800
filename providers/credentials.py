"""Credentials of connectors: one model per provider, which also describes its settings form.

Each field of the model is a field of the form, with `title` as its label, `description` as its help
and `pattern` as its format. `secret()` marks a field that is never shown again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    PrivateAttr,
    ValidationError,
    field_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from domain.errors import Invalid

LONGEST = 400
"""The most characters of a value. Ours: the longest keys of providers have about a hundred."""


class Credentials(BaseModel):
    """Base of every provider's credentials. They are stored encrypted, and decrypted for a call.

    All values are ASCII: keys are, and headers and addresses cannot carry other characters.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    _api_url: str | None = PrivateAttr(default=None)

    @field_validator("*")
    @classmethod
    def _one_line(cls, value: object) -> object:
        words = [*value, *value.values()] if isinstance(value, dict) else [value]
        strings = [word for word in words if isinstance(word, str)]
        if not all(word.isascii() and word.isprintable() for word in strings):
            raise ValueError("must be one line of printable ASCII characters")
        return value

    @property
    def api_url(self) -> str | None:
        """The connector's own address of the provider's API, stored beside the secret."""
        return self._api_url

    @property
    def media_headers(self) -> Mapping[str, str]:
        """The headers that prove who we are when a consumer's file is fetched."""
        return {}

    def at(self, api_url: str | None) -> Self:
        """Return the credentials for another API address; None for the provider's official one."""
        moved = self.model_copy()
        moved._api_url = api_url
        return moved


class EntryKind(StrEnum):
    """How a field is filled in."""

    text = "text"
    yes_no = "yes_no"
    pairs = "pairs"
    """Names with a value each."""


@dataclass(frozen=True)
class FormField:
    """One field of a provider's settings form."""

    name: str
    label: str
    help: str
    is_secret: bool
    """Whether it is never shown after it was entered."""
    is_required: bool
    pattern: str | None
    """A regular expression for the whole value."""
    kind: EntryKind = EntryKind.text


def secret(title: str, description: str = "", *, is_optional: bool = False) -> Any:
    """Return a field for a secret, which no log and no page shows."""
    return Field(
        default=None if is_optional else ...,
        title=title,
        description=description,
        min_length=1,
        max_length=LONGEST,
        repr=False,
        json_schema_extra={"writeOnly": True},
    )


def form_of(model: type[Credentials]) -> tuple[FormField, ...]:
    """Return the fields of the form, in the model's order."""
    return tuple(_fields(model))


def secrets_of(credentials: Credentials) -> tuple[str, ...]:
    """Return the values of the secret fields, to be hidden wherever they stand."""
    fields = type(credentials).model_fields
    values = [getattr(credentials, name) for name, info in fields.items() if _is_secret(info)]
    found = (one for value in values for one in _strings(value))
    return tuple(filter(None, found))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (one for one in value.values() if isinstance(one, str))


def filled_in(model: type[Credentials], values: Mapping[str, JsonValue]) -> Credentials:
    """Return the entered credentials. Raises `Invalid`, which names fields but no values."""
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        problems = (_problem(model, one) for one in error.errors())
        raise Invalid(f"The provider's secret is not complete. {'; '.join(problems)}.") from None


def _problem(model: type[Credentials], error: ErrorDetails) -> str:
    where = ".".join(map(str, error["loc"]))
    info = model.model_fields.get(where)
    if error["type"] == "string_pattern_mismatch" and info and info.description:
        return f"{where}: not of the required form: {info.description.rstrip('.')}"
    return f"{where}: {error['msg']}"


def _fields(model: type[Credentials]) -> Iterator[FormField]:
    for name, info in model.model_fields.items():
        yield FormField(
            name=name,
            label=info.title or name,
            help=info.description or "",
            is_secret=_is_secret(info),
            is_required=info.is_required(),
            pattern=_pattern(info),
            kind=_kind(info),
        )


def _kind(info: FieldInfo) -> EntryKind:
    if info.annotation is bool:
        return EntryKind.yes_no
    return EntryKind.pairs if isinstance(info.default, dict) else EntryKind.text


def _is_secret(info: FieldInfo) -> bool:
    extra = info.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("writeOnly"))


def _pattern(info: FieldInfo) -> str | None:
    patterns = (getattr(one, "pattern", None) for one in info.metadata)
    return next((pattern for pattern in patterns if isinstance(pattern, str)), None)
