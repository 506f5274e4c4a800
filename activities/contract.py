"""What the conversation workflow asks of the world: one input and one result per activity.

The workflow knows activities by these names and types only.
"""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.effects import Happened, MessageWritten
from domain.state import ConsumerFacts, ConversationState, Policy

JOURNAL = "journal"
LOAD_OPENING = "load_opening"
LOAD_POLICY = "load_policy"
SEND = "send"


class Payload(BaseModel):
    """Base of all inputs and results: frozen, and tolerant of fields a newer workflow added."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Step(Payload):
    """One step of a conversation, to be applied to the database once.

    `conversation.sequence` numbers the steps from 1; a step at or below the row's is old news.
    """

    workflow_id: str
    conversation: ConversationState
    effects: list[Annotated[MessageWritten | Happened, Field(discriminator="effect")]]


class Choice(Payload):
    """Whom a conversation that just began to wait is given to, or offered."""

    ticket: int
    agent_id: str
    agent_name: str
    is_offer: bool = False


class Journalled(Payload):
    """The step is in the database; `is_new` is false when it already was."""

    is_new: bool
    language: str | None = None
    """What the consumer writes, where the conversation takes them to write something else."""
    choice: Choice | None = None
    """Where the step began a wait and somebody was free. None: the router will tell."""


class OpeningRequest(Payload):
    """`message_id`: the text that would open, to see whether it was taken long ago."""

    account_id: str
    line_id: str
    consumer_id: str
    skill_id: str | None = None
    """None: as account and line route a first text."""
    message_id: str | None = None
    first_word: str | None = None
    """Of the first text, folded: it may be a keyword of the line."""


class Opening(Payload):
    """All a new conversation must know. `is_known`: the text already stands in a transcript."""

    policy: Policy
    consumer: ConsumerFacts
    is_known: bool = False


class PolicyRequest(Payload):
    """`at`: the conversation's own time; working hours are told from there."""

    account_id: str
    line_id: str
    skill_id: str
    at: datetime | None = None
    language: str | None = None
    """Of the consumer; None: the line's, else the account's."""


class SendRequest(Payload):
    """Messages of the transcript that are to leave now, one after the other."""

    message_ids: tuple[str, ...]


class Sent(Payload):
    """How each ended: a `MessageStatus`. `is_opt_out`: the provider says they opted out."""

    statuses: tuple[str, ...]
    is_opt_out: bool = False
