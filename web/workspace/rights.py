"""Which controls a conversation's page offers. What is allowed the conversation itself decides."""

from dataclasses import dataclass

from api.schemas.consumers import ConsumerDetail
from api.schemas.conversations import ConversationOut
from domain.conversation.inputs import Person
from domain.conversation.kinds import Status

OPTED_OUT = "The consumer is opted out of texts. Only they can opt in again, by texting START."


@dataclass(frozen=True)
class AgentRelation:
    """How somebody stands to a conversation they do not hold."""

    has_joined: bool = False
    may_pick: bool = False


@dataclass(frozen=True)
class Rights:
    """What somebody may do; `refusal` says why they cannot reply."""

    may_reply: bool
    may_note: bool
    may_handle: bool
    may_return: bool
    may_pick: bool
    may_join: bool
    may_leave: bool
    may_take_over: bool
    may_opt_out: bool
    refusal: str | None = None


def rights(
    person: Person, conversation: ConversationOut, consumer: ConsumerDetail, standing: AgentRelation
) -> Rights:
    """Return what a person's page offers for a conversation as it stands."""
    status = conversation.status
    is_open = status in (Status.waiting, Status.assigned)
    is_theirs = conversation.agent_id == person.agent_id
    holds = status is Status.assigned and is_theirs
    may_handle = is_open and (holds or person.supervises)
    supervises = is_open and person.supervises and not holds
    refusal = _refusal(conversation, consumer, writes=holds or standing.has_joined)
    return Rights(
        may_reply=refusal is None,
        may_note=status is not Status.closed and (is_theirs or person.supervises),
        may_handle=may_handle,
        may_return=may_handle and status is Status.assigned,
        may_pick=status is Status.waiting and standing.may_pick,
        may_join=supervises and not standing.has_joined,
        may_leave=supervises and standing.has_joined,
        may_take_over=supervises and status is Status.assigned,
        may_opt_out=not consumer.is_opted_out,
        refusal=refusal,
    )


def _refusal(
    conversation: ConversationOut, consumer: ConsumerDetail, *, writes: bool
) -> str | None:
    is_opted_out = consumer.is_opted_out or conversation.line_id in consumer.opted_out_lines
    if is_opted_out and conversation.status is Status.closed:
        return OPTED_OUT
    if conversation.status is Status.closed:
        return "This conversation is closed. The consumer's next text opens a new one."
    if conversation.status is Status.survey:
        return "The consumer is being asked to rate. Nobody can write until that is over."
    if not writes and conversation.status is Status.waiting:
        return "This conversation waits for an agent."
    if not writes:
        return "Another agent holds this conversation."
    if is_opted_out:
        return OPTED_OUT
    return None
