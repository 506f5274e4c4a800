"""Conversations that we open: with a number, or by continuing a closed one."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from api.schemas.shared import Answer, Request, SlugText, Text, example
from domain.origins import look_back
from domain.origins.kinds import OriginKind
from services.inputs import ContextIn
from services.opening import Opening

ASSIGN_TO = (
    "An agent. Default: the acting agent. Managers, and programs that act for nobody, may name "
    "somebody else."
)


class OpenedAs(StrEnum):
    """How a conversation begins that you open: out of the blue, or after a phone call."""

    proactive = "proactive"
    follow_up = "follow_up"


class NewConversation(Request):
    """Opens a conversation with a number."""

    model_config = example(
        line="acme-support", number="+12025550123", text="Your order is ready to collect."
    )

    line: SlugText
    number: Annotated[str, StringConstraints(max_length=40)]
    text: Text
    skill: SlugText | None = Field(default=None, description="Default: the line's entry skill.")
    origin: OpenedAs = OpenedAs.proactive
    context: ContextIn = ContextIn()
    assign_to: SlugText | None = Field(default=None, description=ASSIGN_TO)
    look_back_seconds: int = Field(
        default=look_back.USUAL_SECONDS,
        ge=look_back.SHORTEST_SECONDS,
        le=look_back.LONGEST_SECONDS,
        description="If no agent is named: how long after the text a reply opens the conversation.",
    )

    @property
    def opening(self) -> Opening:
        """Return what is to be opened. Raises `Invalid`."""
        return Opening(
            self.line,
            self.number,
            self.text,
            self.skill,
            kind=OriginKind(self.origin.value),
            context=self.context.read(),
            assign_to=self.assign_to,
            waits=timedelta(seconds=self.look_back_seconds),
        )


class OpenedAnswer(Answer):
    """What was done. `conversation_id`: null if a reply is to open it."""

    conversation_id: UUID | None
    message_id: UUID | None = None


class Resumption(Request):
    """The text with which a closed conversation is continued."""

    model_config = example(text="Is everything well with your order now?")

    text: Text
    context: ContextIn = ContextIn()
    assign_to: SlugText | None = Field(default=None, description=ASSIGN_TO)
