"""The state of a conversation between two steps, as plain data.

The state travels through continue-as-new to newer code: add fields with a default, and never
rename or remove one while conversations are open.
"""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from domain.automatic.kinds import Automatic
from domain.consent.hold import Hold
from domain.conversation.bot_state import BotState
from domain.conversation.effects import MediaRef
from domain.conversation.kinds import CloseReason, DeadlineKind, PendingSide, Status
from domain.delivery.message_status import MessageStatus
from domain.origins.origin import PLAIN_TEXT, Origin
from domain.survey.kinds import FollowUp, SurveyOutcome


class ConsumerFacts(BaseModel):
    """Facts about the consumer, read from the database when a conversation opens."""

    model_config = ConfigDict(frozen=True)

    is_first: bool = True
    """No earlier conversation with this consumer reached an agent or the queue."""
    is_opted_out: bool = False
    is_program: bool = False
    """The sender is a short code or a name, not a phone."""
    waits_for_nobody: bool = False
    """The account keeps texts of programs without queueing them, and the sender is one."""
    is_blocked: bool = False
    """A manager has blocked the consumer."""
    continues: bool = False
    """The last conversation was auto-closed within 48 h: this one continues it, unwelcomed."""
    last_asked_at: datetime | None = None
    """When a survey last asked this consumer to rate."""


class CarriedText(BaseModel):
    """A consumer's text that the survey did not use; the next conversation begins with it."""

    message_id: str
    text: str
    written_at: datetime
    is_truncated: bool = False
    wants_opt_out: bool = False
    media: tuple[MediaRef, ...] = ()
    sent_at: datetime | None = None
    is_attempt: bool = False
    """It tried to rate. If a rating follows, it becomes part of that rating's comment."""


class InvitationText(BaseModel):
    """A text that invited the consumer to reply, and was sent before there was a conversation.

    `left_at`: when it was sent, or may have been. `status`: its `MessageStatus`, never `queued`.
    """

    model_config = ConfigDict(frozen=True)

    message_id: str
    text: str
    written_at: datetime
    left_at: datetime
    status: MessageStatus


class FollowUpAnswer(BaseModel):
    """The answer to a follow-up question. `value` is 0 or 1 for `resolved`."""

    question: FollowUp
    value: int | None = None
    text: str | None = None


class PhoneAnswer(BaseModel):
    """A text that a phone may send by itself after each of ours."""

    digest: str
    before: datetime | None = None
    """When our last text before it was written: only after a further one may it be repeated."""
    is_recognised: bool = False
    waits_since: datetime | None = None
    """When the consumer began to wait because of it."""
    until: datetime | None = None
    """Until when its repetition is expected in the closed conversation."""


class SurveyState(BaseModel):
    """The survey of one conversation. Agent and skill are those at the closing."""

    agent_id: str | None = None
    skill_id: str | None = None
    asked: int = 0
    asked_at: datetime | None = None
    """When the closing question was first asked."""
    last_asked_at: datetime | None = None
    """When the latest question of any kind was asked; the timeout counts from here."""
    question_id: str | None = None
    """The message that first asked the question now waiting for an answer."""
    last_question_id: str | None = None
    """The message that asked that question most recently."""
    texts: int = 0
    """Number of consumer texts that may be answers. Acknowledgements, and texts sent before the
    question left, do not count."""
    unused: list[CarriedText] = []
    """Texts that were not answers so far, in order of time."""
    last_text: str | None = None
    """The last text of a person when the survey began."""
    outcome: SurveyOutcome | None = None
    score: int | None = None
    comment: str | None = None
    answered_at: datetime | None = None
    is_satisfied: bool | None = None
    """Whether the score counts as satisfied on its scale."""
    scale: str | None = None
    """Name of the scale of the score."""
    is_late: bool = False
    """Whether the answer came after the survey had expired."""
    follow_up: FollowUp | None = None
    """The follow-up question now waiting for an answer."""
    follow_up_asked: int = 0
    """How many times that question was asked."""
    followed_up: list[FollowUp] = []
    """Follow-up questions asked so far."""
    answers: list[FollowUpAnswer] = []
    late_until: datetime | None = None
    """A late answer counts until then; None while the survey runs or none is awaited."""


class ScheduledText(BaseModel):
    """An agent's text that is sent at a set time unless something cancels it."""

    id: str
    agent_id: str
    agent_name: str
    text: str
    at: datetime
    unless_answered: bool = False
    """A text of the consumer cancels it."""
    command_key: str | None = None
    hold: Hold | None = None
    """It waits for the end of quiet hours."""

    @property
    def due_at(self) -> datetime:
        """When it is sent, or the hours are checked again."""
        return max(self.at, self.hold.until) if self.hold else self.at

    @property
    def held_because(self) -> str | None:
        return self.hold.why if self.hold else None


class JoinedManager(BaseModel):
    """A manager who has joined and writes alongside the agent."""

    agent_id: str
    name: str


class Snooze(BaseModel):
    """A snooze since a moment. `until`: None: until the consumer's next text."""

    since: datetime
    until: datetime | None = None


class Reminded(BaseModel):
    """How many reminders are used up in the silence or wait that began at `since`."""

    since: datetime
    times: int = 0


class ConversationState(BaseModel):
    """One conversation. `sequence` counts the journalled steps."""

    id: str
    account_id: str
    line_id: str
    consumer_id: str
    opened_by: str
    """`consumer`, or the id of the agent who opened it."""
    opened_at: datetime
    number: int = 1
    """The number of the conversation in its thread, from 1."""
    sequence: int = 0
    status: Status = Status.waiting
    pending_side: PendingSide = PendingSide.agent
    is_opted_out: bool = False
    is_blocked: bool = False
    """A manager has blocked the consumer, who gets no text at all."""
    opt_out_wished_at: datetime | None = None
    """When the consumer asked for no more texts without using a keyword."""
    origin: Origin = PLAIN_TEXT
    closed_at_once: bool = False
    """It closed with its first text: a keyword, a text of a consumer who had opted out, or an
    answer to an invitation that asks for nothing. No welcome, no queue."""
    is_program: bool = False
    """The sender is a short code or a name. It gets no automatic messages, because two programs
    would answer each other without end."""
    phone_answer: PhoneAnswer | None = None
    """What the phone answers by itself, or the last text that may be such an answer."""
    last_sent_at: datetime | None = None
    """When our last text was written."""
    agent_asked: bool = False
    """Whether an agent's last text has a question mark."""
    message_count: int = 0
    consumer_wrote_at: datetime | None = None
    """When the consumer last wrote; None: they have not."""
    consumer_texts: int = 0
    """Texts of the consumer, not counting keywords."""
    last_message_at: datetime | None = None
    last_text: str | None = None
    waiting_since: datetime | None = None
    """When the consumer began to wait for an answer: the first unanswered text, or the moment the
    conversation was passed on after an answer.
    """
    owed_since: datetime | None = None
    """When the agent could first know of a text that arrived late, so that their silence does not
    count from before.
    """
    is_first: bool = False
    """The consumer's first conversation with the brand."""
    response_due_at: datetime | None = None
    """When the consumer must have an answer; None when none is owed or promised."""
    response_by_hand: timedelta | None = None
    """The response time an agent promised by hand, in place of the settings'."""
    response_by_hand_at: datetime | None = None
    """When the agent made that promise."""
    promised_until: datetime | None = None
    """When the last promise by hand ends, even after later messages: auto-close does not count
    from before.
    """
    next_open_at: datetime | None = None
    """When working hours next begin, if the last step was outside them."""

    skill_id: str | None = None
    skill_name: str | None = None
    skill_reason: str | None = None
    """Why this skill has the conversation, as one sentence."""
    priority: int = 0
    transfers_in_a_row: int = 0
    """Transfers since a person last wrote; the loop guard limits them."""
    ticket: int = 0
    """Number of the current wait in the queue; the router's choice names it."""
    queued_at: datetime | None = None
    wait_prompted_at: datetime | None = None
    """When that came which the wait began with: the consumer's text, or a deadline."""
    age_since: datetime | None = None
    """When its age in the queue began; kept when it is released or an offer fails."""
    offered_agent_id: str | None = None
    """The agent it is offered to."""
    offer_ends_at: datetime | None = None
    not_accepted_by: list[str] = []
    """Agents who did not accept an offer in this wait: they declined it, or let it lapse."""
    requested_agent_id: str | None = None
    """The agent it was transferred to; nobody else gets it."""
    avoided_agent_id: str | None = None
    """The agent who returned it or did not answer: other agents are tried first."""
    avoided_was_silent: bool = False
    """Whether it was taken from that agent because they did not answer."""
    may_fall_back: bool = True
    """Whether a fallback skill may take it; False while it waits where it was transferred."""
    agent_fallback_at: datetime | None = None
    """When a transfer to a named agent becomes a transfer to the skill."""

    agent_id: str | None = None
    agent_name: str | None = None
    assigned_at: datetime | None = None
    last_agent_id: str | None = None
    """The agent assigned last, even while it waits again: the rating counts for them."""
    quiet_since: datetime | None = None
    """Time of the last message of a person; auto-close counts from here."""
    joined_managers: list[JoinedManager] = []
    mentioned: list[str] = []
    """Ids of colleagues whom notes name; they may read it, and write notes."""
    nudged_since: datetime | None = None
    """Beginning of the agent's silence of which they were reminded last."""
    language: str | None = None
    """The language the consumer writes, if it is known."""
    agent_wrote_at: datetime | None = None
    """Time of the agents' last message, until the consumer writes; `consumer_silent` counts from
    here."""
    reminders: dict[Automatic, Reminded] = {}
    """Timed messages sent in the current silence or wait."""
    off_hours_until: datetime | None = None
    """The consumer was told of closed hours and is not told again before then."""
    is_auto_close_held: bool = False
    auto_close_from: datetime | None = None
    """Auto-close counts from here if it was resumed after its deadline had passed."""
    auto_close_resumed_at: datetime | None = None
    snooze: Snooze | None = None
    """Its agent has put it away."""
    woke_at: datetime | None = None
    """When the last snooze ended: silence has consequences from then on only."""
    sent_again: list[str] = []
    """Texts that did not leave, whose words were sent again by now."""
    scheduled: list[ScheduledText] = []
    """Scheduled texts, in order of time."""
    last_asked_at: datetime | None = None
    """When a survey last asked this consumer to rate, as known at the opening."""
    auto_close_at: datetime | None = None
    deadlines: dict[DeadlineKind, datetime] = {}
    """Pending deadlines as of the last step, as pages show them."""
    counted_from: dict[DeadlineKind, datetime] = {}
    """The moments that those deadlines count from."""

    bot: BotState | None = None
    """The bot that serves it, or served it last."""

    closed_at: datetime | None = None
    close_reason: CloseReason | None = None
    closed_by: str | None = None
    closing_reason_id: str | None = None
    """The reason that whoever closed it gave. It may be changed in its row afterwards."""
    survey: SurveyState | None = None
    carried: list[CarriedText] = []
    """Texts the survey did not use, in order of time; they open the next conversation."""

    @property
    def message_count_left(self) -> int:
        """Return how many messages stay in this transcript."""
        return self.message_count - len(self.carried)

    @property
    def is_with_bot(self) -> bool:
        """Say whether a bot serves it now."""
        return self.bot is not None and self.bot.is_talking

    @property
    def answers_by_itself(self) -> bool:
        """Say whether the phone answers by itself: nothing is sent to it automatically."""
        return self.phone_answer is not None and self.phone_answer.is_recognised

    @property
    def was_assigned(self) -> bool:
        """Say whether it was ever assigned to an agent."""
        return self.last_agent_id is not None

    @property
    def response_is_manual(self) -> bool:
        return self.response_by_hand is not None
