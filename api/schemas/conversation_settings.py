"""What agents set for an open conversation."""

from pydantic import AwareDatetime, Field

from api.schemas.shared import Language, Request, Text, example
from api.schemas.skills import ResponseTime


class NewResponseTime(Request):
    """A response time set by hand; null: the settings' own."""

    model_config = example(seconds=3600)

    seconds: ResponseTime | None


class AutoCloseHold(Request):
    model_config = example(held=True)

    held: bool = Field(description="True: hold auto-close. False: resume it.")


class NewScheduledText(Request):
    model_config = example(
        text="Your parcel has arrived, as promised.",
        at="2027-03-01T09:00:00Z",
        unless_answered=True,
    )

    text: Text
    at: AwareDatetime = Field(description="One minute to 90 days from now.")
    unless_answered: bool = Field(
        default=False, description="A text from the consumer before then cancels it."
    )


class ConversationLanguage(Request):
    model_config = example(language="fr")

    language: Language
