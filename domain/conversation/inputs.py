"""What happens to a conversation from outside, as the core takes it: plain data."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from domain.consent.keyword import Keyword
from domain.conversation.effects import MediaRef
from domain.conversation.state import ConsumerFacts, ConversationState
from domain.people.roles import Role
from domain.policy.policy import Policy


@dataclass(frozen=True)
class Colleague:
    """Somebody of the account, whom something is passed on to."""

    agent_id: str
    name: str


@dataclass(frozen=True)
class Person(Colleague):
    """Who acts: an agent, a manager or an admin."""

    role: Role

    @property
    def supervises(self) -> bool:
        return self.role in (Role.manager, Role.admin)


@dataclass(frozen=True)
class ReceivedText:
    """A consumer's text, from the moment it is stored: what the table holds and a workflow is told.

    `message_id` is its row's, and its message's later. `keyword` was decided when it came in, with
    consent at hand.
    """

    message_id: str
    text: str
    keyword: Keyword | None = None
    provider_handled: bool = False
    """The provider itself answers this keyword."""
    is_truncated: bool = False
    wants_opt_out: bool = False
    """It is no keyword, and asks for no more texts all the same: read at the door, too."""
    media: tuple[MediaRef, ...] = ()
    again: bool = False
    """It was handed over long ago and stands in no transcript: the conversation asks where it is.
    """
    kind: Literal["consumer_texted"] = "consumer_texted"
    received_at: datetime = field(kw_only=True)


@dataclass(frozen=True)
class Identity:
    """Which conversation this is: ids of rows."""

    conversation_id: str
    account_id: str
    line_id: str
    consumer_id: str
    number: int = 1
    """Which one of its line and consumer, from 1."""


def begin(
    identity: Identity, policy: Policy, facts: ConsumerFacts, opened_by: str, now: datetime
) -> ConversationState:
    """Return the state of a conversation that opens now."""
    return ConversationState(
        id=identity.conversation_id,
        account_id=identity.account_id,
        line_id=identity.line_id,
        consumer_id=identity.consumer_id,
        opened_by=opened_by,
        opened_at=now,
        number=identity.number,
        is_opted_out=facts.is_opted_out,
        is_program=facts.is_program,
        is_first=facts.is_first,
        skill_id=policy.skill_id,
        skill_name=policy.skill_name,
        skill_reason=policy.skill_reason,
        priority=policy.priority,
        language=policy.language,
        last_asked_at=facts.last_asked_at,
    )
