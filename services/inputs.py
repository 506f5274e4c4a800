"""What callers give a service, in pydantic models that API and pages read alike."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from domain.settings import allowed
from domain.settings.allowed import Range


class Input(BaseModel):
    """What a caller gives. Unknown fields are refused, so that a typing error is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def example(**values: Any) -> ConfigDict:
    """Return the configuration of a model with an example for the documentation."""
    return ConfigDict(json_schema_extra={"examples": [values]})


def within(allowed: Range, description: str | None = None) -> Any:
    """Declare the range of a number."""
    return Field(ge=allowed.lowest, le=allowed.highest, description=description)


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("may not contain the character NUL")
    return text


Text = Annotated[str, AfterValidator(_storable)]
"""A text for a phone or a note; its length is judged by `domain.text.limits`, with the count."""
Language = Annotated[
    str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$")
]
ResponseTime = Annotated[
    int, within(allowed.RESPONSE_TIME, "Seconds in working hours, a minute to 30 days.")
]
