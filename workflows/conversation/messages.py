"""Everything that crosses into or out of the conversation workflow: one model per message.

Fields may be added with a default; a field is never renamed or removed while conversations are
open. Nothing here imports Temporal, so the API, the router and the tests may use it freely.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.conversation.inputs import IncomingText
from domain.conversation.kinds import CloseReason
from domain.conversation.state import ConversationState
from domain.language_settings import LanguageSource
from domain.people.roles import Role
from domain.settings.policy import Policy

WORKFLOW = "Conversation"
CONVERSATIONS_QUEUE = "conversations"


def sending_queue(task_queue: str) -> str:
    """Return the queue of the sends that belong to a queue of conversations.

    Apart, so that a provider's outage delays texts and never commands or inbound texts.
    """
    return f"{task_queue}-sending"


class Payload(BaseModel):
    """Base of all messages: frozen, and tolerant of fields a newer sender added."""

    model_config = ConfigDict(frozen=True, extra="ignore")


ConsumerTexted = IncomingText
"""Signal: a consumer's text, already in `inbound` under `message_id`."""


class ConsumerTexts(Payload):
    """Signal: several texts of a consumer that gathered before they were handed over, in order."""

    kind: Literal["consumer_texts"] = "consumer_texts"
    texts: tuple[ConsumerTexted, ...]


class AgentAssigned(Payload):
    """Signal of the router: this agent gets the conversation that waits with this ticket."""

    kind: Literal["agent_assigned"] = "agent_assigned"
    conversation_id: str
    ticket: int
    agent_id: str
    agent_name: str


class AgentOffered(Payload):
    """Signal of the router: it rings at this agent, for the wait with this ticket."""

    kind: Literal["agent_offered"] = "agent_offered"
    conversation_id: str
    ticket: int
    agent_id: str
    agent_name: str


class AgentLeft(Payload):
    """Signal of the router: the grace of an agent who left is over; what they hold waits again."""

    kind: Literal["agent_left"] = "agent_left"
    agent_id: str
    conversation_id: str | None = None
    """The conversation they held; None: whichever it is."""


class OptOutReported(Payload):
    """Signal: an opt-out learnt elsewhere (the provider's refusal, an agent, the API)."""

    kind: Literal["consumer_opted_out"] = "consumer_opted_out"
    conversation_id: str | None = None
    """The conversation that was open then; None: whichever it is."""


class EndedByOperator(Payload):
    """Signal: an operator ends the conversation, unrated. A cancellation means the same."""

    kind: Literal["ended_by_operator"] = "ended_by_operator"
    conversation_id: str | None = None
    """The conversation that is meant; None: whichever it is."""


class LookAgain(Payload):
    """Signal of the sweeps: see what stands in the database, and go on from there."""

    kind: Literal["look_again"] = "look_again"


class Actor(Payload):
    """Who gives a command."""

    agent_id: str
    name: str
    role: Role


class Command(Payload):
    """An agent's or manager's command. `key` makes it safe to send again: 1 to 80 characters."""

    key: str
    actor: Actor
    conversation_id: str | None = None
    """The conversation it is meant for; the workflow may hold the next one by now."""
    row_sequence: int = 0
    """The last step in the conversation's row when the command was given: a workflow that knows
    less of it, after a reset or a restored server, looks there first.
    """


class Reply(Command):
    text: str


class AddNote(Command):
    text: str


class TransferToSkill(Command):
    skill_id: str
    note: str | None = None


class TransferToAgent(Command):
    agent_id: str
    agent_name: str
    agent_role: Role = Role.agent
    note: str | None = None


class ReturnToQueue(Command):
    note: str | None = None


class Close(Command):
    pass


class AcceptOffer(Command):
    """The actor takes the conversation that rings at them."""


class DeclineOffer(Command):
    """The actor passes the conversation that rings at them; the next agent gets it at once."""


class PickUp(Command):
    """The actor takes a waiting conversation by hand; that they may was decided before."""


class SetResponseTime(Command):
    """Promise an answer within `seconds` of working hours; None: as the settings say."""

    seconds: int | None = None


class HoldAutoClose(Command):
    """Keep the conversation open however silent the consumer is; not `held`: no more."""

    held: bool = True


class ScheduleText(Command):
    """Send a text at a set time, as a reply of the actor. The answer has its message's id."""

    text: str
    at: datetime
    unless_answered: bool = False
    """A text of the consumer cancels it."""


class CancelScheduledText(Command):
    text_id: str


class SetLanguage(Command):
    """Go on in another language, such as `fr`, with the settings as they are in it."""

    language: str
    source: LanguageSource = LanguageSource.agent


class JoinConversation(Command):
    """A manager comes in and may write alongside."""


class LeaveConversation(Command):
    """A manager who joined goes."""


class TakeOver(Command):
    """A manager becomes the agent of a conversation that waits or that somebody else holds."""


class OpenByAgent(Command):
    """Open a conversation with a consumer and send its first text; the actor is its agent."""

    text: str
    skill_id: str


def command_name(command: Command) -> str:
    """Return the name of the update that takes a command, such as `transfer_to_skill`."""
    return COMMANDS[type(command)]


COMMANDS: dict[type[Command], str] = {
    Reply: "reply",
    AddNote: "note",
    TransferToSkill: "transfer_to_skill",
    TransferToAgent: "transfer_to_agent",
    ReturnToQueue: "return_to_queue",
    Close: "close",
    AcceptOffer: "accept_offer",
    DeclineOffer: "decline_offer",
    PickUp: "pick_up",
    SetResponseTime: "set_response_time",
    HoldAutoClose: "hold_auto_close",
    ScheduleText: "schedule_text",
    CancelScheduledText: "cancel_scheduled_text",
    SetLanguage: "set_language",
    JoinConversation: "join",
    LeaveConversation: "leave",
    TakeOver: "take_over",
    OpenByAgent: "open_by_agent",
}


class CommandDone(Payload):
    """Answer to every command, after the journal entry: the caller reads their own write."""

    conversation_id: str
    message_id: str | None = None
    """The message written by a reply, a note or an opening."""


Signal = Annotated[
    ConsumerTexted
    | AgentAssigned
    | AgentOffered
    | AgentLeft
    | OptOutReported
    | EndedByOperator
    | LookAgain,
    Field(discriminator="kind"),
]


class QueuedText(Payload):
    """A message of ours that is to leave, in order."""

    message_id: str
    summary: str
    """What operators read, such as `reply by Ann`."""


class Answered(Payload):
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


class ConversationStart(Payload):
    """Argument of the workflow. `thread` is what a roll-over carries to the next run."""

    account_id: str
    line_id: str
    consumer_id: str
    thread: ConversationSnapshot | None = None


class ConversationEnded(Payload):
    """Result of the workflow, for operators. Empty when nothing was opened."""

    conversation_id: str | None = None
    close_reason: CloseReason | None = None
    messages: int = 0
    score: int | None = None
