"""What a conversation is between two steps, and what its account wants: both plain data.

Both travel through continue-as-new and meet newer code there: add fields with a default, never
rename or remove one.
"""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from domain.words import (
    Automatic,
    CloseReason,
    PendingSide,
    Status,
    SurveyOutcome,
)


class SurveyPolicy(BaseModel):
    """How the closing question runs. `timeout` counts from the last question asked."""

    model_config = ConfigDict(frozen=True)

    enabled: bool = True
    timeout: timedelta = timedelta(hours=1)
    questions: int = 3
    """How often the question is asked at most."""
    lowest: int = 1
    highest: int = 5


class Policy(BaseModel):
    """What the account wants of this conversation, resolved for its line, skill and language.

    Read at the opening and at a transfer, so that a change of settings meets an open conversation
    at these moments only.
    """

    model_config = ConfigDict(frozen=True)

    brand: str
    skill_id: str
    skill_name: str
    priority: int = 0
    prefix: str = ""
    texts: dict[Automatic, str] = {}
    """The automatic messages that are switched on."""
    auto_close_after: timedelta = timedelta(days=90)
    agent_transfer_fallback: timedelta = timedelta(hours=2)
    survey: SurveyPolicy = SurveyPolicy()


class ConsumerFacts(BaseModel):
    """What the database knows of the consumer when a conversation opens."""

    model_config = ConfigDict(frozen=True)

    is_first: bool = True
    """No conversation with this consumer before."""
    is_opted_out: bool = False
    continues: bool = False
    """The last conversation closed itself within 48 h: no welcome, it reads as one."""


class SurveyState(BaseModel):
    """The closing question of one conversation. Agent and skill are those at closing."""

    agent_id: str | None = None
    skill_id: str | None = None
    asked: int = 0
    asked_at: datetime | None = None
    texts: int = 0
    """Consumer texts since the first question."""
    outcome: SurveyOutcome | None = None
    score: int | None = None
    comment: str | None = None
    answered_at: datetime | None = None


class ConversationState(BaseModel):
    """One conversation, whole. `sequence` counts the steps that were journalled."""

    id: str
    account_id: str
    line_id: str
    consumer_id: str
    opened_by: str
    """`consumer`, or the id of the agent who opened it."""
    opened_at: datetime
    sequence: int = 0
    status: Status = Status.waiting
    pending_side: PendingSide = PendingSide.agent
    is_opted_out: bool = False
    minted: int = 0
    """How many message ids this conversation has made."""
    message_count: int = 0
    consumer_texts: int = 0
    last_message_at: datetime | None = None
    last_text: str | None = None
    waiting_since: datetime | None = None
    """The first consumer text nobody has answered."""

    skill_id: str | None = None
    skill_name: str | None = None
    priority: int = 0
    ticket: int = 0
    """Counts the waits in a queue; the router's choice is for one of them."""
    queued_at: datetime | None = None
    wanted_agent_id: str | None = None
    wanted_agent_name: str | None = None
    avoided_agent_id: str | None = None
    agent_fallback_at: datetime | None = None
    """When a transfer to a named agent becomes one to the skill."""

    agent_id: str | None = None
    agent_name: str | None = None
    assigned_at: datetime | None = None
    last_agent_id: str | None = None
    """Who was assigned last, also while it waits again: the rating is theirs."""
    quiet_since: datetime | None = None
    """The last message of a person, or return to the queue: auto-close counts from here."""
    auto_close_at: datetime | None = None

    closed_at: datetime | None = None
    close_reason: CloseReason | None = None
    closed_by: str | None = None
    survey: SurveyState | None = None
