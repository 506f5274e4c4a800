"""The contract between the conversation workflow and its activities: one input and one result each.

The workflow knows activities only by these names and types.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.bots.answers import BotAnswer, BotFailure
from domain.consent.hold import Hold
from domain.conversation.bot_state import BotQuestion
from domain.conversation.effects import Effect, Happened, MessageWritten, QueuedText
from domain.conversation.kinds import Author, EventKind, Status
from domain.conversation.state import ConsumerFacts, ConversationState, InvitationText
from domain.origins.origin import PLAIN_TEXT, Origin
from domain.policy.policy import Policy
from domain.survey.scales import Scale

ASK_BOT = "ask_bot"
CHOOSE = "choose"
JOURNAL = "journal"
LOAD_OPENING = "load_opening"
LOAD_POLICY = "load_policy"
LOOK = "look"
QUIET_HOURS = "quiet_hours"
READ_ANSWER = "read_answer"
RECOGNISE = "recognise"
SEND = "send"


class ActivityPayload(BaseModel):
    """Base of all inputs and results: frozen, and tolerant of fields a newer workflow added."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ThreadInHand(ActivityPayload):
    """What the workflow of a thread knows and holds.

    `number`, `sequence`: the conversation it knows, and its last step; 0 if it knows none. `texts`,
    `commands`: ids and keys of entries whose step is not journalled yet.
    """

    line_id: str
    consumer_id: str
    number: int = 0
    sequence: int = 0
    texts: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


class Step(ActivityPayload):
    """One step of a conversation. The first decision that reaches the database is the step.

    `conversation`: the state after the step; its `sequence` numbers the steps from 1. `policy`: set
    if it changed since the previous step.
    """

    workflow_id: str
    conversation: ConversationState
    policy: Policy | None = None
    effects: list[Annotated[Effect, Field(discriminator="effect")]]
    held: ThreadInHand
    mends: bool = False
    """Whether it is written although a restored database has lost the steps before it."""
    cause: str | None = None
    """The consumer's text that the step before began a wait with, for traces."""

    @property
    def begins_wait(self) -> bool:
        """Say whether the conversation begins to wait in this step; a choice is then asked for."""
        kinds = {effect.kind for effect in self.effects if isinstance(effect, Happened)}
        is_queued = EventKind.conversation_queued in kinds
        state = self.conversation
        return is_queued and state.status is Status.waiting and not state.is_with_bot

    @property
    def consumer_text_ids(self) -> list[str]:
        """Return the ids of the consumer's texts in this step."""
        messages = [effect for effect in self.effects if isinstance(effect, MessageWritten)]
        return [one.message_id for one in messages if one.author is Author.consumer]

    @property
    def causes(self) -> list[str]:
        """Return the ids of the consumer's texts that this step follows from, for traces."""
        return self.consumer_text_ids or ([self.cause] if self.cause else [])

    @property
    def consumer_text(self) -> str | None:
        """Return the consumer's last text in this step, if any."""
        messages = [effect for effect in self.effects if isinstance(effect, MessageWritten)]
        consumers = [message.text for message in messages if message.author is Author.consumer]
        return consumers[-1] if consumers else None


class ChoiceRequest(ActivityPayload):
    """A conversation that just began to wait."""

    account_id: str
    conversation_id: str


class Choice(ActivityPayload):
    """The agent a waiting conversation is assigned to, or offered to (`is_offer`)."""

    ticket: int
    agent_id: str
    agent_name: str
    is_offer: bool = False


class ChoiceMade(ActivityPayload):
    """The result of asking for an agent. `choice`: None: the router chooses later."""

    choice: Choice | None = None


class TextToRecognise(ActivityPayload):
    """A text of a consumer. `language`: the conversation's, if it is known."""

    account_id: str
    consumer_id: str
    text: str
    language: str | None = None


class Recognised(ActivityPayload):
    """The language of a text; None: it is the conversation's own, or it is not known."""

    language: str | None = None


class CommandStands(ActivityPayload):
    """A command that the database has recorded, and its result."""

    key: str
    conversation_id: str
    message_id: str | None = None


class RecordedState(ActivityPayload):
    """What the database has recorded of a thread: the decision that every workflow adopts.

    `conversation`, `policy`: the newest conversation as of its newest step. `texts`, `commands`:
    those held by the workflow that are already recorded. `unsent`: texts in the order of sending.
    """

    conversation: ConversationState | None = None
    policy: Policy | None = None
    texts: tuple[str, ...] = ()
    commands: tuple[CommandStands, ...] = ()
    unsent: tuple[QueuedText, ...] = ()
    is_consumer_known: bool = True

    @property
    def position(self) -> tuple[int, int]:
        """Return the number and last step of the newest conversation; zeros if there is none."""
        if self.conversation is None:
            return 0, 0
        return self.conversation.number, self.conversation.sequence

    def closes(self, state: ConversationState) -> bool:
        """Say whether the conversation is recorded as closed while the workflow has it open.

        Only the system closes so, in a restored database, and then it stays closed.
        """
        there = self.conversation
        is_same = there is not None and there.id == state.id
        is_closed = there is not None and there.status is Status.closed
        return is_same and is_closed and state.status is not Status.closed


class JournalOutcome(StrEnum):
    """Outcome of journalling a step.

    `decided`: another decision of this step or a later one is recorded, and must be adopted.
    `behind`: the database lacks the previous step, because it was restored to an earlier time.
    """

    written = "written"
    decided = "decided"
    behind = "behind"
    consumer_unknown = "consumer_unknown"


class Journalled(ActivityPayload):
    """Result of journalling a step. `recorded`: the decision to adopt if it was `decided`."""

    outcome: JournalOutcome
    recorded: RecordedState | None = None
    stands_at: int = 0
    """If the database is `behind`: the last step of this conversation that it has."""


class OpeningRequest(ActivityPayload):
    """What opens a conversation: a text, or an agent's command with a skill they chose."""

    account_id: str
    held: ThreadInHand
    skill_id: str | None = None
    """None: account and line decide the skill of a first text."""
    message_id: str | None = None
    command_key: str | None = None
    first_text: str | None = None
    """The opening text; a keyword of the line or the text of a source may begin it."""
    answered_at: datetime | None = None
    """When the opening text was written, if it may answer an invitation: it is no keyword."""
    carried_from: str | None = None
    """The conversation that the opening text is moved from, because its survey did not use it."""


class Terms(ActivityPayload):
    """Settings and facts for a new conversation. `number`: its number in the thread."""

    policy: Policy
    consumer: ConsumerFacts
    number: int
    origin: Origin = PLAIN_TEXT
    """Of a conversation that its consumer opens."""
    invitation: InvitationText | None = None
    """The text that the opening text answers, and with which the transcript begins."""


class LoadedOpening(ActivityPayload):
    """The terms of a new conversation, or what prevents one.

    `recorded`: the database has more than the workflow knows, or has already taken the opening
    text. `stands_at`: the database is behind the workflow; the last step that it has.
    """

    terms: Terms | None = None
    recorded: RecordedState | None = None
    stands_at: int | None = None
    is_consumer_known: bool = True


class PolicyRequest(ActivityPayload):
    """The policy to read. `at`: the conversation's own time, from which working hours are known."""

    account_id: str
    line_id: str
    skill_id: str
    at: datetime
    language: str | None = None
    """The consumer's language; None: the line's, else the account's."""


class QuietHoursRequest(ActivityPayload):
    """A consumer, and the moment at which a text they have not asked for would leave."""

    account_id: str
    consumer_id: str
    at: datetime


class QuietHoursRead(ActivityPayload):
    """Until when such a text waits; None: it may leave."""

    hold: Hold | None = None


class AnswerRequest(ActivityPayload):
    """A text that may answer a survey question.

    `first_question`, `last_question`: ids of the messages that asked it first and last.
    """

    text: str
    received_at: datetime
    scale: Scale
    first_question: str | None = None
    last_question: str | None = None


class BotTurn(ActivityPayload):
    """A turn that a bot is asked about."""

    question: BotQuestion


class BotAsked(ActivityPayload):
    """What came of asking; neither: the bot answers by the API."""

    answer: BotAnswer | None = None
    failure: BotFailure | None = None


class SendRequest(ActivityPayload):
    """Messages of the transcript to send now, one after the other."""

    message_ids: tuple[str, ...]
    causes: tuple[str | None, ...] = ()
    """The consumer's text that each answers in the same step, for traces."""


class SendResult(ActivityPayload):
    """The `MessageStatus` of each message. `is_opt_out`: the provider reported an opt-out."""

    statuses: tuple[str, ...]
    is_opt_out: bool = False
