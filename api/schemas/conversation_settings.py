"""What agents set for an open conversation."""

from uuid import UUID

from pydantic import AwareDatetime, Field

from api.schemas.shared import Request, SignatureText, Text, example


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
    signature: SignatureText | None = Field(
        default=None,
        description="Stands under the text on a line of its own, unless it ends with it already.",
    )
    saved_reply: UUID | None = Field(
        default=None, description="The saved reply that it began with, to count it."
    )
