"""What callers give for notifications and batches."""

from datetime import time
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from domain.consent.ledger import LONGEST_EVIDENCE
from domain.origins.look_back import LONGEST_SECONDS, SHORTEST_SECONDS, USUAL_SECONDS
from domain.settings.allowed import Range
from services.inputs import ContextIn, Input, Text, example, within

LOOK_BACK = Range(SHORTEST_SECONDS, LONGEST_SECONDS)
MOST_RECIPIENTS = 100_000
"""Of a batch."""
MOST_AT_ONCE = 1000
"""Recipients of one request in JSON. Ours: more fit into no body that is taken; a file takes more.
"""
LONGEST_TITLE = 100


def _local(at: time) -> time:
    if at.tzinfo is not None:
        raise ValueError("is a local time, such as 09:00")
    return at


Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE),
    Field(description="For people: agents see it when a reply comes."),
]
LookBack = Annotated[
    int, within(LOOK_BACK, "Seconds in which a reply belongs to the text: 1 hour to 30 days.")
]
Evidence = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_EVIDENCE)
]
Hour = Annotated[time, AfterValidator(_local)]
Template = Annotated[
    Text,
    Field(max_length=5000, description="With placeholders such as {name}."),
]


class NewNotification(Input):
    """One automated text to one consumer. A reply within its look-back opens a conversation.

    `values`: what the placeholders of the text stand for. `skill`: where replies go; null: the
    line's entry skill. `consent_evidence`: where the consumer's consent came from, which is then
    recorded.
    """

    model_config = example(
        line="acme-support",
        number="+12025550123",
        text="Hi {name}, your bike is ready.",
        values={"name": "Cleo"},
        look_back_seconds=259200,
        title="Ready to collect",
    )

    line: str
    number: str
    text: Template
    values: dict[str, Text] = Field(default_factory=dict, max_length=100)
    skill: str | None = None
    look_back_seconds: LookBack = USUAL_SECONDS
    title: Title = "Notification"
    context: ContextIn = ContextIn()
    consent_evidence: Evidence | None = None


class NewBatch(Input):
    """One notification to many consumers, in draft: recipients are added before it is started.

    `text`: its placeholders are columns of the recipients. `skill`: where replies go; null: the
    line's entry skill. `send_from`: null: when it is started. `window_from`, `window_until`: hours
    of each recipient's own day, beside quiet hours. `consent_evidence`: where the consent of all
    came from; `consent_column`: the column that says so for each. `adds_how_to_stop`: every text
    says how to opt out, and not only the first to a consumer.
    """

    model_config = example(
        line="acme-support",
        title="Spring service",
        text="Hi {name}, your bike is due for its spring service.",
        look_back_seconds=604800,
        window_from="10:00:00",
        window_until="18:00:00",
        consent_evidence="Service contract, section 4",
    )

    title: Title
    line: str
    text: Template
    skill: str | None = None
    look_back_seconds: LookBack = 7 * 86400
    context: ContextIn = ContextIn()
    send_from: AwareDatetime | None = None
    window_from: Hour | None = None
    window_until: Hour | None = None
    consent_evidence: Evidence | None = None
    consent_column: Annotated[Text, Field(min_length=1, max_length=100)] | None = None
    adds_how_to_stop: bool = False


class RecipientIn(Input):
    """A recipient. `values`: what the placeholders of the text stand for."""

    model_config = example(number="+12025550123", values={"name": "Cleo"})

    number: Annotated[Text, Field(max_length=200)]
    values: dict[str, Text] = Field(default_factory=dict, max_length=100)
    consent_evidence: Evidence | None = None


class BatchTest(Input):
    """A number of your own that gets the batch's text, filled for its first recipient."""

    model_config = example(number="+12025550123")

    number: str
