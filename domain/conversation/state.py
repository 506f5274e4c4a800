"""What a conversation is between two steps, and what its account wants: both plain data.

Both travel through continue-as-new and meet newer code there: add fields with a default, never
rename or remove one.
"""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from domain.automatic.kinds import Automatic
from domain.conversation.effects import MediaRef
from domain.conversation.kinds import CloseReason, DeadlineKind, PendingSide, Status
from domain.survey.kinds import FollowUp, SurveyOutcome


class ConsumerFacts(BaseModel):
    """What the database knows of the consumer when a conversation opens."""

    model_config = ConfigDict(frozen=True)

    is_first: bool = True
    """No conversation with this consumer before that reached anybody."""
    is_opted_out: bool = False
    is_program: bool = False
    """A short code or a name texts, no phone."""
    continues: bool = False
    """The last conversation closed itself within 48 h: no welcome, it reads as one."""
    last_asked_at: datetime | None = None
    """When a survey last asked this consumer."""


class CarriedText(BaseModel):
    """A consumer's text that the survey could not use: the next conversation begins with it."""

    message_id: str
    text: str
    written_at: datetime
    is_truncated: bool = False
    wants_opt_out: bool = False
    media: tuple[MediaRef, ...] = ()
    is_attempt: bool = False
    """It tried to rate: it is the comment of the rating, if one follows."""


class FollowUpAnswer(BaseModel):
    """What the consumer answered to a question after the rating: 0 or 1 for resolved."""

    question: FollowUp
    value: int | None = None
    text: str | None = None


class SurveyState(BaseModel):
    """The closing question of one conversation. Agent and skill are those at closing."""

    agent_id: str | None = None
    skill_id: str | None = None
    asked: int = 0
    asked_at: datetime | None = None
    """When the rating was first asked for."""
    last_asked_at: datetime | None = None
    """The last question of all: it expires counted from here."""
    question_id: str | None = None
    """The message that first asked the question which waits for its answer."""
    last_question_id: str | None = None
    """The message that asked it last."""
    texts: int = 0
    """Consumer texts that may have answered: acknowledgements and what crossed are none."""
    unused: list[CarriedText] = []
    """Texts that were no answer so far, by time."""
    last_text: str | None = None
    """What a person wrote last when it began."""
    outcome: SurveyOutcome | None = None
    score: int | None = None
    comment: str | None = None
    answered_at: datetime | None = None
    is_satisfied: bool | None = None
    """The score counts as good on its scale."""
    scale: str | None = None
    """Name of the scale the score is on."""
    is_late: bool = False
    """Answered after it had expired."""
    follow_up: FollowUp | None = None
    """The question after the rating that waits for its answer."""
    follow_up_asked: int = 0
    """How often that question was asked."""
    followed_up: list[FollowUp] = []
    """Questions after the rating that were asked."""
    answers: list[FollowUpAnswer] = []
    late_until: datetime | None = None
    """Until then a late answer counts; None while the survey runs, or when none is awaited."""


class ScheduledText(BaseModel):
    """An agent's text that leaves at a set time, unless something cancels it before."""

    id: str
    agent_id: str
    agent_name: str
    text: str
    at: datetime
    unless_answered: bool = False
    """A text of the consumer cancels it."""
    command_key: str | None = None


class JoinedManager(BaseModel):
    """A manager who writes alongside."""

    agent_id: str
    name: str


class Reminded(BaseModel):
    """How many times of a timer are over in the silence or wait that began at `since`."""

    since: datetime
    times: int = 0


class ConversationState(BaseModel):
    """One conversation, whole. `sequence` counts the steps that were journalled."""

    id: str
    account_id: str
    line_id: str
    consumer_id: str
    opened_by: str
    """`consumer`, or the id of the agent who opened it."""
    opened_at: datetime
    number: int = 1
    """Which conversation of its line and consumer it is, from 1."""
    sequence: int = 0
    status: Status = Status.waiting
    pending_side: PendingSide = PendingSide.agent
    is_opted_out: bool = False
    opt_out_wished_at: datetime | None = None
    """When the consumer asked for no more texts in words of their own."""
    reached_nobody: bool = False
    """Only a keyword, or a text of somebody who had opted out: no welcome, no queue, no agent."""
    is_program: bool = False
    """A short code or a name texts: nothing is said to it automatically, or two programs answer
    each other without end."""
    message_count: int = 0
    consumer_texts: int = 0
    """Keywords are not counted."""
    last_message_at: datetime | None = None
    last_text: str | None = None
    waiting_since: datetime | None = None
    """Since when the consumer waits for an answer: the first text nobody has answered, or the
    moment it was passed on after an answer.
    """
    is_first: bool = False
    """The consumer's first conversation with the brand."""
    response_due_at: datetime | None = None
    """When the consumer must have an answer; None while none is owed or promised."""
    response_by_hand: timedelta | None = None
    """What an agent promised by hand, instead of the settings' response time."""
    response_by_hand_at: datetime | None = None
    """When they did."""
    promised_until: datetime | None = None
    """When the last promise by hand ends, also where something was written since: it is not closed
    by time before.
    """
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
    offer_ends_at: datetime | None = None
    passed_by: list[str] = []
    """Who declined or let the offer pass in this wait."""
    wanted_agent_id: str | None = None
    avoided_agent_id: str | None = None
    """Gave it back, or let it wait: somebody else is tried first."""
    avoided_was_silent: bool = False
    """It was taken from them, because they did not answer."""
    may_fall_back: bool = True
    """False while it waits where somebody transferred it: no other skill stands in."""
    agent_fallback_at: datetime | None = None
    """When a transfer to a named agent becomes one to the skill."""

    agent_id: str | None = None
    agent_name: str | None = None
    assigned_at: datetime | None = None
    last_agent_id: str | None = None
    """Who was assigned last, also while it waits again: the rating is theirs."""
    quiet_since: datetime | None = None
    """The last message of a person: auto-close counts from here."""
    joined_managers: list[JoinedManager] = []
    nudged_since: datetime | None = None
    """Beginning of the agent's silence of which they were reminded last."""
    language: str | None = None
    """What the consumer writes, as far as that is known."""
    agent_wrote_at: datetime | None = None
    """The agents' last message, until the consumer writes: consumer_silent counts from here."""
    reminders: dict[Automatic, Reminded] = {}
    """What timed messages were sent in the silence or wait that runs."""
    off_hours_until: datetime | None = None
    """The consumer was told that it is closed; not again before."""
    is_auto_close_held: bool = False
    auto_close_from: datetime | None = None
    """Auto-close counts from here, if it was resumed after its deadline had passed."""
    auto_close_resumed_at: datetime | None = None
    scheduled: list[ScheduledText] = []
    """Texts to be sent later, by time."""
    last_asked_at: datetime | None = None
    """When a survey last asked this consumer, as known at the opening."""
    auto_close_at: datetime | None = None
    deadlines: dict[DeadlineKind, datetime] = {}
    """What time is going to do, as of the last step."""
    counted_from: dict[DeadlineKind, datetime] = {}
    """The moments those deadlines count from."""

    closed_at: datetime | None = None
    close_reason: CloseReason | None = None
    closed_by: str | None = None
    survey: SurveyState | None = None
    carried: list[CarriedText] = []
    """What the survey could not use, by time: the next conversation opens with it at once."""

    @property
    def message_count_left(self) -> int:
        """Return how many messages stay in this transcript."""
        return self.message_count - len(self.carried)

    @property
    def was_assigned(self) -> bool:
        """Say whether somebody ever held it."""
        return self.last_agent_id is not None

    @property
    def response_is_manual(self) -> bool:
        return self.response_by_hand is not None
