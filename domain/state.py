"""What a conversation is between two steps, and what its account wants: both plain data.

Both travel through continue-as-new and meet newer code there: add fields with a default, never
rename or remove one.
"""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from domain.hours import OpenHours
from domain.words import (
    Automatic,
    CloseReason,
    PendingSide,
    Status,
    SurveyOutcome,
    TransferTargets,
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


class AgentSilentPolicy(BaseModel):
    """What happens when an agent stays silent for so long, in working hours; None: nothing."""

    model_config = ConfigDict(frozen=True)

    nudge: timedelta | None = None
    """The agent is reminded."""
    text: timedelta | None = None
    """The consumer is told that it takes longer."""
    reroute: timedelta | None = None
    """Somebody else gets it."""


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
    skill_reason: str | None = None
    """Why this skill, as one sentence, where it was chosen at an opening."""
    ring_timeout: timedelta = timedelta(seconds=30)
    hours: OpenHours = OpenHours()
    response_time: timedelta | None = None
    """Working time in which a consumer is to be answered; None: none is promised."""
    first_response_time: timedelta | None = None
    """The same in a consumer's first conversation; None: as `response_time`."""
    agent_silent: AgentSilentPolicy = AgentSilentPolicy()
    transfer_targets: TransferTargets = TransferTargets.all
    allowed_targets: tuple[str, ...] = ()
    """Ids of the skills it may be transferred to, where `transfer_targets` is a list."""
    transfers_in_a_row: int | None = None
    """So many transfers without a message of a person in between; None: any number."""


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


class JoinedManager(BaseModel):
    """A manager who writes alongside."""

    agent_id: str
    name: str


class SilenceState(BaseModel):
    """What was done about an agent's silence that began at `since`."""

    since: datetime
    nudged: bool = False
    told: bool = False


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
    is_first: bool = False
    """The consumer's first conversation with the brand."""
    response_due_at: datetime | None = None
    """When the consumer must have an answer; None while none is owed or promised."""
    response_by_hand: timedelta | None = None
    """What an agent promised by hand, instead of the settings' response time."""
    next_open_at: datetime | None = None
    """When working hours begin again, if they were over at the last step."""

    skill_id: str | None = None
    skill_name: str | None = None
    skill_reason: str | None = None
    """Why it is with this skill, as one sentence."""
    priority: int = 0
    transfers_in_a_row: int = 0
    """Transfers since a person last wrote."""
    ticket: int = 0
    """Counts the waits in a queue; the router's choice is for one of them."""
    queued_at: datetime | None = None
    age_since: datetime | None = None
    """Its age in the queue; kept when it was released or an offer came to nothing."""
    offered_agent_id: str | None = None
    """At whom it rings."""
    offered_agent_name: str | None = None
    offer_ends_at: datetime | None = None
    passed_by: list[str] = []
    """Who declined or let the offer pass in this wait."""
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
    joined_managers: list[JoinedManager] = []
    silence: SilenceState | None = None
    auto_close_at: datetime | None = None

    closed_at: datetime | None = None
    close_reason: CloseReason | None = None
    closed_by: str | None = None
    survey: SurveyState | None = None

    @property
    def was_assigned(self) -> bool:
        """Say whether somebody ever held it."""
        return self.last_agent_id is not None

    @property
    def response_is_manual(self) -> bool:
        return self.response_by_hand is not None
