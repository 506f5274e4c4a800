"""Messages into and out of the conversation workflow, one model each.

Commands, which also say what they do, are in `workflows.conversation.commands`.

Fields may be added with a default. A field is never renamed or removed while conversations are
open. Nothing here imports Temporal, so the API, the router and tests can use it.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.bots.answers import BotAnswer, BotFailure
from domain.conversation.effects import QueuedText
from domain.conversation.inputs import Person, ReceivedText
from domain.conversation.kinds import CloseReason
from domain.conversation.state import ConversationState
from domain.people.roles import Role
from domain.policy.policy import Policy

WORKFLOW = "Conversation"
KNOWN = "known_step"
"""The update that is always refused, and whose refusal tells the newest step."""
TOLD = "told"
"""Type of that refusal. Its details: a `KnownStep`, or nothing without a conversation."""
CONVERSATIONS_QUEUE = "conversations"


def sending_queue(task_queue: str) -> str:
    """Return the task queue for the sends of a queue of conversations.

    It is separate so that a provider's outage delays outgoing texts only.
    """
    return f"{task_queue}-sending"


def bots_queue(task_queue: str) -> str:
    """Return the task queue on which bots are asked, so that slow ones hold nothing else up."""
    return f"{task_queue}-bots"


class WorkflowMessage(BaseModel):
    """Base of all messages: frozen, and tolerant of fields a newer sender added."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ConsumerTexts(WorkflowMessage):
    """Signal: several texts of a consumer, handed over together and in order."""

    kind: Literal["consumer_texts"] = "consumer_texts"
    texts: tuple[ReceivedText, ...]


class AgentAssigned(WorkflowMessage):
    """Signal of the router: it assigns the wait with this ticket to this agent."""

    kind: Literal["agent_assigned"] = "agent_assigned"
    conversation_id: str
    ticket: int
    agent_id: str
    agent_name: str


class AgentOffered(WorkflowMessage):
    """Signal of the router: it offers the wait with this ticket to this agent."""

    kind: Literal["agent_offered"] = "agent_offered"
    conversation_id: str
    ticket: int
    agent_id: str
    agent_name: str


class AgentLeft(WorkflowMessage):
    """Signal: an agent went offline and their grace is over; their conversation is released."""

    kind: Literal["agent_left"] = "agent_left"
    agent_id: str
    conversation_id: str
    """The conversation they held; the workflow may hold the next one by now."""


class OptOutReported(WorkflowMessage):
    """Signal: an opt-out that was learnt elsewhere (the provider's refusal, an agent, the API)."""

    kind: Literal["consumer_opted_out"] = "consumer_opted_out"
    conversation_id: str | None = None
    """The conversation that was open then; None: the current one."""
    is_block: bool = False
    """A manager has blocked the consumer."""


class EndedByOperator(WorkflowMessage):
    """Signal: an operator ends the conversation without a survey. A cancellation does the same."""

    kind: Literal["ended_by_operator"] = "ended_by_operator"
    conversation_id: str | None = None
    """The conversation to end; None: the current one."""


class LookAgain(WorkflowMessage):
    """Signal of the watches: read what the database has recorded, and continue from there."""

    kind: Literal["look_again"] = "look_again"


class BotAnswered(WorkflowMessage):
    """Entry of the mailbox: what came of asking a bot about a turn."""

    kind: Literal["bot_answered"] = "bot_answered"
    conversation_id: str
    turn: int
    answer: BotAnswer | None = None
    failure: BotFailure | None = None


class Actor(WorkflowMessage):
    """The person who gives a command."""

    agent_id: str
    name: str
    role: Role

    @property
    def person(self) -> Person:
        return Person(self.agent_id, self.name, self.role)


class CommandDone(WorkflowMessage):
    """Answer to every command, after its step is journalled: callers read their own write."""

    conversation_id: str
    message_id: str | None = None
    """Id of the message that a reply, a note or an opening wrote."""


Signal = Annotated[
    ReceivedText
    | AgentAssigned
    | AgentOffered
    | AgentLeft
    | OptOutReported
    | EndedByOperator
    | LookAgain
    | BotAnswered,
    Field(discriminator="kind"),
]


class Answered(WorkflowMessage):
    key: str
    answer: CommandDone


class KnownStep(WorkflowMessage):
    """The newest step that a workflow knows of its conversation."""

    conversation_id: str
    sequence: int


class ConversationSnapshot(BaseModel):
    """Everything the workflow of a thread carries from run to run, between two steps."""

    conversation: ConversationState | None = None
    policy: Policy | None = None
    mailbox: list[Signal] = []
    outbox: list[QueuedText] = []
    seen: list[str] = []
    """Ids of the latest texts, so that a text signalled twice counts once."""
    answered: list[Answered] = []
    """Answers of the latest commands, so that a command sent twice is carried out once."""
    runs: int = 0


class ConversationStart(WorkflowMessage):
    """Argument of the workflow. `snapshot` is what a roll-over carries to the next run."""

    account_id: str
    line_id: str
    consumer_id: str
    snapshot: ConversationSnapshot | None = None


class ConversationEnded(WorkflowMessage):
    """Result of the workflow, for operators. Empty when nothing was opened."""

    conversation_id: str | None = None
    close_reason: CloseReason | None = None
    messages: int = 0
    score: int | None = None
