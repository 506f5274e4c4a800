"""Inputs of the conversation core, as plain data."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from domain.consent.keyword import Keyword
from domain.conversation.effects import MediaRef
from domain.conversation.state import CarriedText, ConsumerFacts, ConversationState
from domain.courtesies.kinds import Courtesy
from domain.origins.origin import PLAIN_TEXT, Origin
from domain.people.roles import Role
from domain.policy.policy import Policy


@dataclass(frozen=True)
class Colleague:
    """A person of the account to whom a conversation is transferred."""

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
class Closure:
    """How whoever closes a conversation wants it closed.

    `reason_id`, `reason`: one of the account's closing reasons, and its name. `asks_rating`: False:
    without asking the consumer to rate.
    """

    reason_id: str | None = None
    reason: str | None = None
    asks_rating: bool = True

    @property
    def told(self) -> dict[str, str | None]:
        """Return what the event tells of the reason."""
        if self.reason_id is None:
            return {}
        return {"closing_reason_id": self.reason_id, "closing_reason": self.reason}


AS_USUAL = Closure()


@dataclass(frozen=True)
class ReceivedText:
    """A consumer's text as it is stored: table and workflow hold the same fields, but `courtesy`.

    `message_id` is the id of its row, and later of its message. `keyword` was read on receipt,
    when the consumer's consent was known.
    """

    message_id: str
    text: str
    keyword: Keyword | None = None
    provider_handled: bool = False
    """The provider itself answers this keyword."""
    is_truncated: bool = False
    wants_opt_out: bool = False
    """It asks for no more texts without being a keyword; also read on receipt."""
    media: tuple[MediaRef, ...] = ()
    courtesy: Courtesy | None = None
    """What it is if it asks for nothing; read when it is handed over."""
    again: bool = False
    """It was handed over before but is in no transcript: the conversation looks in the database."""
    sent_at: datetime | None = None
    """When the provider received it, if it was fetched because no webhook had brought it."""
    is_filed: bool = False
    """It came too late to be acted on, and is only shown. A STOP counts all the same."""
    kind: Literal["consumer_texted"] = "consumer_texted"
    received_at: datetime = field(kw_only=True)

    @property
    def is_late(self) -> bool:
        """Say whether it arrived long after it was sent, so that no quick answer fits it."""
        return self.sent_at is not None

    @property
    def texted_at(self) -> datetime:
        """Return when the consumer sent it, as far as we know."""
        return self.sent_at or self.received_at


def carried_text(text: CarriedText) -> ReceivedText:
    """Return a text that the previous conversation carries over, as it was received."""
    return ReceivedText(
        text.message_id,
        text.text,
        is_truncated=text.is_truncated,
        wants_opt_out=text.wants_opt_out,
        media=text.media,
        sent_at=text.sent_at,
        received_at=text.written_at,
    )


@dataclass(frozen=True)
class Identity:
    """The ids of the rows a conversation belongs to."""

    conversation_id: str
    account_id: str
    line_id: str
    consumer_id: str
    number: int = 1
    """The number of the conversation in its thread, from 1."""


def begin(
    identity: Identity,
    policy: Policy,
    facts: ConsumerFacts,
    opened_by: str,
    now: datetime,
    origin: Origin = PLAIN_TEXT,
) -> ConversationState:
    """Return the state of a new conversation that opens at `now`."""
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
        is_blocked=facts.is_blocked,
        is_first=facts.is_first,
        skill_id=policy.skill_id,
        skill_name=policy.skill_name,
        skill_reason=policy.skill_reason,
        priority=policy.priority,
        language=policy.language,
        last_asked_at=facts.last_asked_at,
        origin=origin,
    )
