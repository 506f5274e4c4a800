"""Everything that crosses into or out of the conversation workflow: one model per message.

Fields may be added with a default; a field is never renamed or removed while conversations are
open. Nothing here imports Temporal, so the API, the router and the tests may use it freely.
"""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.conversation.effects import QueuedText
from domain.conversation.inputs import ReceivedText
from domain.conversation.kinds import CloseReason
from domain.conversation.state import ConversationState
from domain.language_settings import LanguageSource
from domain.people.roles import Role
from domain.policy.policy import Policy

WORKFLOW = "Conversation"
CONVERSATIONS_QUEUE = "conversations"


def sending_queue(task_queue: str) -> str:
    """Return the queue of the sends that belong to a queue of conversations.

    Apart, so that a provider's outage delays texts and never commands or inbound texts.
    """
    return f"{task_queue}-sending"


class WorkflowMessage(BaseModel):
    """Base of all messages: frozen, and tolerant of fields a newer sender added."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ConsumerTexts(WorkflowMessage):
    """Signal: several texts of a consumer that gathered before they were handed over, in order."""

    kind: Literal["consumer_texts"] = "consumer_texts"
    texts: tuple[ReceivedText, ...]


class AgentAssigned(WorkflowMessage):
    """Signal of the router: this agent gets the conversation that waits with this ticket."""

    kind: Literal["agent_assigned"] = "agent_assigned"
    conversation_id: str
    ticket: int
    agent_id: str
    agent_name: str


class AgentOffered(WorkflowMessage):
    """Signal of the router: it rings at this agent, for the wait with this ticket."""

    kind: Literal["agent_offered"] = "agent_offered"
    conversation_id: str
    ticket: int
    agent_id: str
    agent_name: str


class AgentLeft(WorkflowMessage):
    """Signal of the router: the grace of an agent who left is over; what they hold waits again."""

    kind: Literal["agent_left"] = "agent_left"
    agent_id: str
    conversation_id: str | None = None
    """The conversation they held; None: whichever it is."""


class OptOutReported(WorkflowMessage):
    """Signal: an opt-out learnt elsewhere (the provider's refusal, an agent, the API)."""

    kind: Literal["consumer_opted_out"] = "consumer_opted_out"
    conversation_id: str | None = None
    """The conversation that was open then; None: whichever it is."""


class EndedByOperator(WorkflowMessage):
    """Signal: an operator ends the conversation, unrated. A cancellation means the same."""

    kind: Literal["ended_by_operator"] = "ended_by_operator"
    conversation_id: str | None = None
    """The conversation that is meant; None: whichever it is."""


class LookAgain(WorkflowMessage):
    """Signal of the sweeps: see what stands in the database, and go on from there."""

    kind: Literal["look_again"] = "look_again"


class Actor(WorkflowMessage):
    """Who gives a command."""

    agent_id: str
    name: str
    role: Role


class AgentCommand(WorkflowMessage):
    """What every command of an agent or manager has. Its docstring describes the update.

    `key` makes it safe to send again: 1 to 80 characters.
    """

    update: ClassVar[str]
    """Name of the update that takes it."""

    key: str
    actor: Actor
    conversation_id: str | None = None
    """The conversation it is meant for; the workflow may hold the next one by now."""
    row_sequence: int = 0
    """The last step in the conversation's row when the command was given: a workflow that knows
    less of it, after a reset or a restored server, looks there first.
    """


class Reply(AgentCommand):
    """Write to the consumer, as who holds the conversation or has joined it."""

    update = "reply"

    text: str


class AddNote(AgentCommand):
    """Write a private note, which only colleagues read."""

    update = "note"

    text: str


class TransferToSkill(AgentCommand):
    """Pass the conversation on to another skill. A private note may travel along."""

    update = "transfer_to_skill"

    skill_id: str
    note: str | None = None


class TransferToAgent(AgentCommand):
    """Pass the conversation on to a named agent. A private note may travel along."""

    update = "transfer_to_agent"

    agent_id: str
    agent_name: str
    agent_role: Role = Role.agent
    note: str | None = None


class ReturnToQueue(AgentCommand):
    """Give the conversation back to its skill's queue. A private note may travel along."""

    update = "return_to_queue"

    note: str | None = None


class Close(AgentCommand):
    """Close the conversation; the consumer is asked to rate it where that is due."""

    update = "close"


class AcceptOffer(AgentCommand):
    """Take the conversation that rings at the actor."""

    update = "accept_offer"


class DeclineOffer(AgentCommand):
    """Pass the conversation that rings at the actor: the next agent gets it at once."""

    update = "decline_offer"


class PickUp(AgentCommand):
    """Take a waiting conversation by hand; that the actor may was decided before."""

    update = "pick_up"


class SetResponseTime(AgentCommand):
    """Promise an answer within `seconds` of working hours; None: as the settings say."""

    update = "set_response_time"

    seconds: int | None = None


class HoldAutoClose(AgentCommand):
    """Keep the conversation open however silent the consumer is; not `held`: no more."""

    update = "hold_auto_close"

    held: bool = True


class ScheduleText(AgentCommand):
    """Send a text at a set time, as a reply of the actor. The answer has its message's id."""

    update = "schedule_text"

    text: str
    at: datetime
    unless_answered: bool = False
    """A text of the consumer cancels it."""


class CancelScheduledText(AgentCommand):
    """Cancel a text that was to be sent later."""

    update = "cancel_scheduled_text"

    text_id: str


class SetLanguage(AgentCommand):
    """Go on in another language, such as `fr`, with the settings as they are in it."""

    update = "set_language"

    language: str
    source: LanguageSource = LanguageSource.agent


class JoinConversation(AgentCommand):
    """Come in as a manager and write alongside the agent."""

    update = "join"


class LeaveConversation(AgentCommand):
    """Go as a manager who had joined."""

    update = "leave"


class TakeOver(AgentCommand):
    """Become, as a manager, the agent of a conversation that waits or that somebody else holds."""

    update = "take_over"


class OpenByAgent(AgentCommand):
    """Open a conversation with a consumer and send its first text; the actor is its agent."""

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
"""All commands. What matches on them ends with `assert_never`."""


def command_name(command: Command) -> str:
    """Return the name of the update that takes a command, such as `transfer_to_skill`."""
    return command.update


class CommandDone(WorkflowMessage):
    """Answer to every command, after the journal entry: the caller reads their own write."""

    conversation_id: str
    message_id: str | None = None
    """The message written by a reply, a note or an opening."""


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
    """All that a line's conversation with a consumer is, between two steps."""

    conversation: ConversationState | None = None
    policy: Policy | None = None
    mailbox: list[Signal] = []
    outbox: list[QueuedText] = []
    seen: list[str] = []
    """Ids of the last texts taken, so that a text signalled twice is one."""
    answered: list[Answered] = []
    """The last commands' answers, so that a command sent twice is done once."""
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
