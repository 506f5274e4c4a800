"""Messages into and out of the conversation workflow, one model each.

Fields may be added with a default. A field is never renamed or removed while conversations are
open. Nothing here imports Temporal, so the API, the router and tests can use it.
"""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.conversation.effects import MediaRef, QueuedText
from domain.conversation.inputs import ReceivedText
from domain.conversation.kinds import CloseReason
from domain.conversation.state import ConversationState
from domain.language_settings import LanguageSource
from domain.people.roles import Role
from domain.policy.policy import Policy

WORKFLOW = "Conversation"
CONVERSATIONS_QUEUE = "conversations"


def sending_queue(task_queue: str) -> str:
    """Return the task queue for the sends of a queue of conversations.

    It is separate so that a provider's outage delays outgoing texts only.
    """
    return f"{task_queue}-sending"


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


class EndedByOperator(WorkflowMessage):
    """Signal: an operator ends the conversation without a survey. A cancellation does the same."""

    kind: Literal["ended_by_operator"] = "ended_by_operator"
    conversation_id: str | None = None
    """The conversation to end; None: the current one."""


class LookAgain(WorkflowMessage):
    """Signal of the watches: read what the database has recorded, and continue from there."""

    kind: Literal["look_again"] = "look_again"


class Actor(WorkflowMessage):
    """The person who gives a command."""

    agent_id: str
    name: str
    role: Role


class AgentCommand(WorkflowMessage):
    """Fields of every command of an agent or manager. Its docstring describes the update.

    `key`: 1 to 80 characters; a command sent again with the same key is carried out once.
    """

    update: ClassVar[str]
    """Name of the update that takes it."""

    key: str
    actor: Actor
    conversation_id: str | None = None
    """The conversation it is for; the workflow may hold the next one by now."""
    row_sequence: int = 0
    """The last step in the conversation's row when the command was given. A workflow that knows
    fewer steps, after a reset or a restored server, reads the database first.
    """


class Reply(AgentCommand):
    """Reply to the consumer, as the assigned agent or a manager who has joined."""

    update = "reply"

    text: str
    media: tuple[MediaRef, ...] = ()
    """Pictures that go with it, which were uploaded before."""


class AddNote(AgentCommand):
    """Write a private note, which only colleagues read."""

    update = "note"

    text: str


class TransferToSkill(AgentCommand):
    """Transfer the conversation to another skill, with an optional private note."""

    update = "transfer_to_skill"

    skill_id: str
    note: str | None = None


class TransferToAgent(AgentCommand):
    """Transfer the conversation to a named agent, with an optional private note."""

    update = "transfer_to_agent"

    agent_id: str
    agent_name: str
    note: str | None = None


class ReturnToQueue(AgentCommand):
    """Return the conversation to its skill's queue, with an optional private note."""

    update = "return_to_queue"

    note: str | None = None


class Close(AgentCommand):
    """Close the conversation; a survey follows unless a gate forbids it."""

    update = "close"


class AcceptOffer(AgentCommand):
    """Accept the conversation that is offered to the actor."""

    update = "accept_offer"


class DeclineOffer(AgentCommand):
    """Decline the conversation that is offered to the actor; the next agent is asked at once."""

    update = "decline_offer"


class PickUp(AgentCommand):
    """Pick up a waiting conversation by hand. The caller has checked the actor's skills."""

    update = "pick_up"


class SetResponseTime(AgentCommand):
    """Promise an answer within `seconds` of working time; None: go back to the settings."""

    update = "set_response_time"

    seconds: int | None = None


class HoldAutoClose(AgentCommand):
    """Hold auto-close, so that silence does not close the conversation; not `held`: resume it."""

    update = "hold_auto_close"

    held: bool = True


class ScheduleText(AgentCommand):
    """Schedule a text as the actor's reply. The answer has the id of its message."""

    update = "schedule_text"

    text: str
    at: datetime
    unless_answered: bool = False
    """A text of the consumer cancels it."""


class CancelScheduledText(AgentCommand):
    """Cancel a scheduled text."""

    update = "cancel_scheduled_text"

    text_id: str


class SetLanguage(AgentCommand):
    """Continue in another language, such as `fr`, with the settings in that language."""

    update = "set_language"

    language: str
    source: LanguageSource = LanguageSource.agent


class JoinConversation(AgentCommand):
    """Join as a manager and write alongside the agent."""

    update = "join"


class LeaveConversation(AgentCommand):
    """Leave as a manager who had joined."""

    update = "leave"


class TakeOver(AgentCommand):
    """Take over, as a manager, a conversation that waits or that another agent holds."""

    update = "take_over"


class OpenByAgent(AgentCommand):
    """Open a conversation with a consumer and send the first text; the actor is its agent."""

    update = "open_by_agent"

    text: str
    skill_id: str


ConversationCommand = (
    Reply
    | AddNote
    | TransferToSkill
    | TransferToAgent
    | ReturnToQueue
    | Close
    | AcceptOffer
    | DeclineOffer
    | PickUp
    | SetResponseTime
    | HoldAutoClose
    | ScheduleText
    | CancelScheduledText
    | SetLanguage
    | JoinConversation
    | LeaveConversation
    | TakeOver
)
"""Commands for a conversation that is open."""
Command = ConversationCommand | OpenByAgent
"""All commands. Every `match` over them ends with `assert_never`."""


def command_name(command: Command) -> str:
    """Return the name of the update that takes a command, such as `transfer_to_skill`."""
    return command.update


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
    | LookAgain,
    Field(discriminator="kind"),
]


class Answered(WorkflowMessage):
    key: str
    answer: CommandDone


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
