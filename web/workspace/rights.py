"""What a person may do with a conversation, and so which controls its page shows."""

from dataclasses import dataclass, replace

from api.schemas.consumers import ConsumerDetail
from api.schemas.conversations import ConversationOut
from domain.conversation import permissions
from domain.conversation.inputs import Person
from domain.conversation.kinds import Status
from domain.conversation.permissions import AgentRelation, Rights
from domain.errors import ConsumerBlocked
from web.words import said


@dataclass(frozen=True)
class Onlooker:
    """How a person who is not assigned is involved in a conversation."""

    has_joined: bool = False
    may_pick: bool = False
    is_mentioned: bool = False


def rights(
    person: Person, conversation: ConversationOut, consumer: ConsumerDetail, onlooker: Onlooker
) -> Rights:
    """Return what a person may do with a conversation as it is now."""
    is_opted_out = consumer.is_opted_out or conversation.line_id in consumer.opted_out_lines
    allowed = permissions.rights(
        AgentRelation(
            status=conversation.status,
            is_theirs=conversation.agent_id == person.agent_id,
            supervises=person.supervises,
            has_joined=onlooker.has_joined,
            is_opted_out=is_opted_out,
            may_pick=onlooker.may_pick,
            is_with_bot=conversation.bot_id is not None,
            is_mentioned=onlooker.is_mentioned,
        )
    )
    if consumer.blocked_at and conversation.status is Status.closed:
        allowed = replace(
            allowed, may_reply=False, may_resume=False, refusal=ConsumerBlocked.sentence
        )
    # A consumer opted out of one line can still be opted out of all.
    refusal = said(allowed.refusal) if allowed.refusal else None
    return replace(allowed, refusal=refusal, may_opt_out=not consumer.is_opted_out)
