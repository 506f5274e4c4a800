"""What the conversation workflow asks of the world: one input and one result per activity.

The workflow knows activities by these names and types only.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.conversation.effects import Effect, Happened, MessageWritten, QueuedText
from domain.conversation.kinds import Author, EventKind, Status
from domain.conversation.state import ConsumerFacts, ConversationState
from domain.policy.policy import Policy
from domain.survey.scales import Scale

CHOOSE = "choose"
JOURNAL = "journal"
LOAD_OPENING = "load_opening"
LOAD_POLICY = "load_policy"
LOOK = "look"
READ_ANSWER = "read_answer"
RECOGNISE = "recognise"
SEND = "send"


class ActivityPayload(BaseModel):
    """Base of all inputs and results: frozen, and tolerant of fields a newer workflow added."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ThreadInHand(ActivityPayload):
    """What a conversation's workflow has in hand, beside the thread that it is for.

    `number`, `sequence`: the conversation it knows and the last step of it; 0 when it knows none.
    `texts`, `commands`: ids and keys of what waits for a step that stands.
    """

    line_id: str
    consumer_id: str
    number: int = 0
    sequence: int = 0
    texts: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


class Step(ActivityPayload):
    """One step of a conversation, whole. The first one that reaches the database is the step.

    `conversation`: the state after it; its `sequence` numbers the steps from 1. `policy`: where it
    is another than at the step before.
    """

    workflow_id: str
    conversation: ConversationState
    policy: Policy | None = None
    effects: list[Annotated[Effect, Field(discriminator="effect")]]
    held: ThreadInHand
    mends: bool = False
    """The steps before it are gone from a database that was restored: it is written all the same.
    """

    @property
    def begins_wait(self) -> bool:
        """Say whether it waits for an agent from this step on: a choice is asked for next."""
        kinds = {effect.kind for effect in self.effects if isinstance(effect, Happened)}
        is_queued = EventKind.conversation_queued in kinds
        return is_queued and self.conversation.status is Status.waiting

    @property
    def consumer_text(self) -> str | None:
        """Return the consumer's last text in it."""
        texts = [one for one in self.effects if isinstance(one, MessageWritten)]
        return next((one.text for one in reversed(texts) if one.author is Author.consumer), None)


class ChoiceRequest(ActivityPayload):
    """A conversation that just began to wait."""

    account_id: str
    conversation_id: str


class Choice(ActivityPayload):
    """Whom a conversation that just began to wait is given to, or offered."""

    ticket: int
    agent_id: str
    agent_name: str
    is_offer: bool = False


class ChoiceMade(ActivityPayload):
    """Whom it is for. None: the router tells the conversation later."""

    choice: Choice | None = None


class TextToRecognise(ActivityPayload):
    """A text of a consumer. `language`: of the conversation, as far as it is known."""

    account_id: str
    consumer_id: str
    text: str
    language: str | None = None


class Recognised(ActivityPayload):
    """What the consumer writes, where the conversation takes them to write something else."""

    language: str | None = None


class CommandStands(ActivityPayload):
    """A command that was carried out, and what it did."""

    key: str
    conversation_id: str
    message_id: str | None = None


class RecordedState(ActivityPayload):
    """What stands in the database of a thread: the decision that everybody takes.

    `conversation` and `policy`: its newest conversation as of the newest step. `texts` and
    `commands`: which of those held stand there already. `unsent`: in the order they are to leave.
    """

    conversation: ConversationState | None = None
    policy: Policy | None = None
    texts: tuple[str, ...] = ()
    commands: tuple[CommandStands, ...] = ()
    unsent: tuple[QueuedText, ...] = ()
    is_consumer_known: bool = True

    @property
    def position(self) -> tuple[int, int]:
        """Return number and last step of the newest conversation; zeros when there is none."""
        if self.conversation is None:
            return 0, 0
        return self.conversation.number, self.conversation.sequence

    def closes(self, state: ConversationState) -> bool:
        """Say whether it was closed while a workflow has it open, however far that one is.

        Only the system does so, in a database that was restored: it stays closed.
        """
        there = self.conversation
        is_same = there is not None and there.id == state.id
        is_closed = there is not None and there.status is Status.closed
        return is_same and is_closed and state.status is not Status.closed


class JournalOutcome(StrEnum):
    """What became of a step that was to be journalled.

    `decided`: another decision of it stands, or of a later one; it is to be adopted. `behind`: the
    database lacks the step before, because it was restored to an earlier time.
    """

    written = "written"
    decided = "decided"
    behind = "behind"
    consumer_unknown = "consumer_unknown"


class Journalled(ActivityPayload):
    """What became of a step. `recorded`: what is to be adopted where it was `decided` before."""

    outcome: JournalOutcome
    recorded: RecordedState | None = None
    stands_at: int = 0
    """Where the database is behind: the last step it knows of this conversation."""


class OpeningRequest(ActivityPayload):
    """What would open: a text, or an agent's command with a skill of their choice."""

    account_id: str
    held: ThreadInHand
    skill_id: str | None = None
    """None: as account and line route a first text."""
    message_id: str | None = None
    command_key: str | None = None
    first_text: str | None = None
    """The text that opens: its first word may be a keyword of the line."""
    carried_from: str | None = None
    """The conversation in which that text stands by now, which had no use for it."""


class Terms(ActivityPayload):
    """All a new conversation must know. `number`: which one of the thread it will be."""

    policy: Policy
    consumer: ConsumerFacts
    number: int


class LoadedOpening(ActivityPayload):
    """The terms of a new conversation, or what stands in the way of one.

    `recorded`: there is more than the workflow knows of, or what would open was taken before.
    `stands_at`: the database is behind the workflow; the last step it knows of its conversation.
    """

    terms: Terms | None = None
    recorded: RecordedState | None = None
    stands_at: int | None = None
    is_consumer_known: bool = True


class PolicyRequest(ActivityPayload):
    """`at`: the conversation's own time; working hours are told from there."""

    account_id: str
    line_id: str
    skill_id: str
    at: datetime | None = None
    language: str | None = None
    """Of the consumer; None: the line's, else the account's."""


class AnswerRequest(ActivityPayload):
    """A text that may answer a question of the survey.

    `first_question`, `last_question`: ids of the messages that asked it first and last.
    """

    text: str
    received_at: datetime | None = None
    scale: Scale
    first_question: str | None = None
    last_question: str | None = None


class SendRequest(ActivityPayload):
    """Messages of the transcript that are to leave now, one after the other."""

    message_ids: tuple[str, ...]


class SendResult(ActivityPayload):
    """How each ended: a `MessageStatus`. `is_opt_out`: the provider says they opted out."""

    statuses: tuple[str, ...]
    is_opt_out: bool = False
