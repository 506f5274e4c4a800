"""What callers give a service, in pydantic models that API and pages read alike."""

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    StringConstraints,
)
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function

from domain.origins import contexts
from domain.origins.origin import Context
from domain.settings import allowed
from domain.settings.allowed import Range


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("may not contain the character NUL")
    return text


def _make_strict(schema: Any) -> None:
    # Not the whole model: a strict model would refuse the strings of enums and dates as well.
    match schema:
        case dict() if schema.get("type") == "str":
            # Every one, because the database takes none with a NUL, and one is easily forgotten.
            text = dict(schema)
            schema.clear()
            schema.update(no_info_after_validator_function(_storable, text))
        case {"function": {"function": function}} if function is _storable:
            pass  # a part that is an input itself
        case dict():
            if schema.get("type") in ("int", "float", "bool"):
                schema["strict"] = True
            for part in schema.values():
                _make_strict(part)
        case list() | tuple():
            for part in schema:
                _make_strict(part)


class Input(BaseModel):
    """What a caller gives. Unknown fields are refused, so that a typing error is noticed.

    Numbers are numbers, booleans are booleans, and no string holds a NUL. A form, which has only
    strings, is read with `strict=False`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler, /
    ) -> CoreSchema:
        schema = handler(source)
        _make_strict(schema)
        return schema


def left_out() -> Any:
    """Declare a field of a change. Left out, the value stays as it is; null is not allowed."""
    return Field(default_factory=_nothing)


def _nothing() -> Any:
    """Return the value of a field that was not sent. It is never read."""
    return None


def example(**values: Any) -> ConfigDict:
    """Return the configuration of a model with an example for the documentation."""
    return ConfigDict(json_schema_extra={"examples": [values]})


def within(allowed: Range, description: str | None = None) -> Any:
    """Declare the range of a number."""
    return Field(ge=allowed.lowest, le=allowed.highest, description=description)


Text = str
"""A text for a phone or a note; its length is judged by `domain.text.limits`, with the count."""
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""An id of something that the account sets up."""
Language = Annotated[
    str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$")
]
ResponseTime = Annotated[
    int, within(allowed.RESPONSE_TIME, "Seconds in working hours, a minute to 30 days.")
]


class ContextIn(Input):
    """What the agent is to know. Pages show the link, an address of your own system."""

    model_config = example(
        reason="Callback", reference="4711", link="https://crm.example.com/cases/4711"
    )

    reason: Annotated[str, StringConstraints(max_length=contexts.LONGEST["reason"])] = ""
    reference: Annotated[str, StringConstraints(max_length=contexts.LONGEST["reference"])] = ""
    note: Annotated[str, StringConstraints(max_length=contexts.LONGEST["note"])] = ""
    link: Annotated[str, StringConstraints(max_length=contexts.LONGEST["link"])] = ""

    def read(self) -> Context:
        """Return the context. Raises `Invalid`."""
        return contexts.checked(Context.model_validate(self.model_dump()))
