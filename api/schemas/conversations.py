"""Conversations: what they show, and what can be done with them."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from api.clock import utc_now
from api.schemas.consumers import ConsumerOut
from api.schemas.deadlines import DeadlineOut, ScheduledTextOut
from api.schemas.media import MediaOut
from api.schemas.origins import OriginOut
from api.schemas.shared import Answer, Request, SignatureText, SlugText, Text, example
from api.schemas.surveys import SurveyOut
from database.queries.conversations import CommandResult, ListedConversation
from database.queries.parts import NO_LONG_TEXTS, LongTexts
from database.tables import Event, MediaFile, Message, RoutingDecision
from domain.automatic.kinds import Automatic
from domain.conversation.kinds import (
    Author,
    CloseReason,
    EventKind,
    PendingSide,
    ResponseState,
    Status,
)
from domain.conversation.urgency import response_state
from domain.delivery.message_status import MessageStatus
from domain.notices.mentions import MOST as MOST_MENTIONS
from domain.routing.kinds import DecisionKind
from domain.settings.priorities import Priority
from services.commanding.finding import CommandOutcome, CommandState
from services.commanding.sending_again import refusal

EventData = dict[str, str | int | bool | None]


MADE = frozenset(
    {
        *("consumer", "response_state", "deadlines", "scheduled_texts", "origin", "survey"),
        *("label_ids", "unread", "is_marked_unread", "has_failed_text"),
    }
)
"""Fields of a conversation that do not stand in its row as they are."""


class ConversationOut(Answer):
    """A conversation as it is now. `waiting_since`: when its consumer began to wait for a reply: at
    their first text without a reply, or at a transfer after a reply.
    """

    id: UUID
    line_id: str
    consumer: ConsumerOut
    status: Status
    pending_side: PendingSide
    skill_id: str | None
    agent_id: str | None
    bot_id: str | None
    bot_name: str | None
    """The bot that serves it now: it then waits for no agent, and stands in no queue."""
    opened_by: str
    opened_at: datetime
    assigned_at: datetime | None
    closed_at: datetime | None
    close_reason: CloseReason | None
    closed_by: str | None
    priority: Priority
    """How urgent its people say it is."""
    auto_close_at: datetime | None
    last_message_at: datetime | None
    last_text: str | None
    waiting_since: datetime | None
    response_due_at: datetime | None
    """When the reply to the consumer is due."""
    response_is_manual: bool
    """An agent set the response time by hand."""
    response_state: ResponseState | None
    """At this moment; null once the conversation is closed or being rated."""
    next_open_at: datetime | None
    """When working hours begin again, if it was outside them at the last step."""
    offered_agent_id: str | None
    """The agent it is offered to, until `offer_ends_at`."""
    offer_ends_at: datetime | None
    message_count: int
    language: str | None
    """Of the automatic messages."""
    deadlines: list[DeadlineOut]
    """What happens next by itself, the earliest first."""
    scheduled_texts: list[ScheduledTextOut]
    """Scheduled texts, by time."""
    is_auto_close_held: bool
    opt_out_wished_at: datetime | None
    """When the consumer asked in their own words for no more texts. An agent decides what to do."""
    origin: OriginOut
    closed_at_once: bool
    """Only a keyword, a text from an opted-out consumer, or thanks for a text of ours: no welcome,
    no queue, no agent."""
    survey: SurveyOut | None
    snoozed_at: datetime | None
    """When it was put away; null: it is not snoozed."""
    snoozed_until: datetime | None
    """When it comes back; null for a snoozed one: with the consumer's next text."""
    closing_reason_id: str | None
    """The closing reason that people gave. `close_reason` says who or what closed it."""
    unread: int
    """While an agent has it, the texts they have not looked at, 100 for that many or more."""
    is_marked_unread: bool | None
    """You marked it as unread. A page's stream leaves it out: the mark is told by itself."""
    has_failed_text: bool
    """A text of ours did not arrive, and none after it is better off."""
    label_ids: list[str]
    """Its labels, retired ones too."""

    @classmethod
    def of(cls, shown: ListedConversation) -> Self:
        row = shown.conversation
        more = {name: getattr(row, name) for name in cls.model_fields if name not in MADE}
        return cls(
            **more,
            consumer=ConsumerOut.of(shown.consumer),
            response_state=_response_state(shown),
            deadlines=DeadlineOut.listed(row),
            scheduled_texts=ScheduledTextOut.listed(row),
            origin=OriginOut.of(row),
            survey=SurveyOut.of(row),
            label_ids=list(shown.label_ids),
            unread=shown.unread,
            is_marked_unread=shown.is_marked,
            has_failed_text=shown.has_failed_text,
        )


def _response_state(shown: ListedConversation) -> ResponseState | None:
    row = shown.conversation
    return response_state(
        status=Status(row.status),
        due_at=row.response_due_at,
        pending_side=PendingSide(row.pending_side),
        consumer_texted_at=row.consumer_texted_at,
        idle_after=shown.idle_after,
        now=utc_now(),
    )


ADDED = frozenset({"media", "waiting_reason", "parts_received", "late_part_of", "may_send_again"})
"""Fields of a message that do not stand in its row."""


class MessageOut(Answer):
    """One message of a transcript. `failure_sentence` says why a text did not arrive, and
    `provider_code` is the provider's own code for it and `provider_message` its own words.
    `billed_segments` and `price` are what it bills, null as long as it does not tell.
    `waiting_reason` says why a `queued` text has not been sent yet. `sent_at` is set for a text
    that arrived late: when its consumer sent it.

    `parts`: how many parts the provider sends a text in, if it reports on them one by one, or how
    many a consumer's long text was joined from; `parts_delivered` and `parts_received`: how many of
    them arrived. `late_part_of`: the long text that this one belongs to, which did not wait for it.
    """

    id: UUID
    position: int
    author: Author
    agent_id: str | None
    bot_id: str | None
    bot_name: str | None
    """The bot that wrote a text or a note, by the name it had then."""
    automatic: Automatic | None
    text: str
    media: list[MediaOut]
    is_truncated: bool
    segments: int
    encoding: str | None
    written_at: datetime
    sent_at: datetime | None
    status: MessageStatus
    status_at: datetime
    failure_code: str | None
    failure_sentence: str | None
    provider_code: str | None
    provider_message: str | None
    billed_segments: int | None
    price: Decimal | None
    price_currency: str | None
    waiting_reason: str | None = None
    parts: int | None
    parts_delivered: int | None
    parts_received: int | None = None
    late_part_of: UUID | None = None
    may_send_again: bool = False
    """A text of an agent or bot that surely did not leave: it can be sent again, once."""

    @classmethod
    def of(
        cls,
        message: Message,
        files: Mapping[UUID, MediaFile],
        waiting_reason: str | None = None,
        long: LongTexts = NO_LONG_TEXTS,
    ) -> Self:
        more = {name: getattr(message, name) for name in cls.model_fields if name not in ADDED}
        more |= {
            "media": MediaOut.listed(message.media, files),
            "waiting_reason": waiting_reason,
            "may_send_again": refusal(message) is None,
        }
        if message.parts and message.status is MessageStatus.delivered:
            more["parts_delivered"] = message.parts  # an answer about the whole text said so
        if joined := long.joined.get(message.id):
            more |= {"parts": joined.parts, "parts_received": joined.parts_received}
        if text_id := long.late_parts.get(message.id):
            more["late_part_of"] = text_id
        return cls(**more)


class EventOut(Answer):
    """Something that happened. `data` holds ids and words, never texts or numbers."""

    id: int
    kind: EventKind
    at: datetime
    conversation_id: UUID | None
    agent_id: str | None
    data: EventData

    @classmethod
    def of(cls, event: Event) -> Self:
        return cls.model_validate(event)


class NewReply(Request):
    model_config = example(text="Hello, how can I help?")

    text: Text = ""
    media: list[UUID] = Field(
        default_factory=list,
        max_length=10,
        description="Pictures that were uploaded for this conversation. The text may be empty.",
    )
    signature: SignatureText | None = Field(
        default=None,
        description="Stands under the text on a line of its own, unless it ends with it already.",
    )
    saved_reply: UUID | None = Field(
        default=None, description="The saved reply that it began with, to count it."
    )


class NewNote(Request):
    model_config = example(text="@Ben, was this your order?", mentions=["acme-ben"])

    text: Text
    mentions: Annotated[tuple[SlugText, ...], Field(max_length=MOST_MENTIONS)] = ()
    """Ids of people whom the text names as `@Name`: they decide between people of one name."""


class PrioritySet(Request):
    """How urgent a conversation is from now on."""

    model_config = example(priority="high")

    priority: Priority


class Transfer(Request):
    """To a skill or to an agent: one of the two."""

    model_config = example(skill="acme-support", note="Asks about an invoice.")

    skill: SlugText | None = None
    agent: SlugText | None = None
    note: Text | None = None
    force: bool = Field(
        default=False, description="Transfer even to a skill that no agent has: it waits there."
    )

    @model_validator(mode="before")
    @classmethod
    def _one_target(cls, sent: Any) -> Any:
        if isinstance(sent, dict) and (sent.get("skill") is None) == (sent.get("agent") is None):
            raise ValueError("name a skill or an agent to transfer to")
        return sent


class Return(Request):
    model_config = example(note="Not my product.")

    note: Text | None = None


class CandidateOut(Answer):
    """An agent who was considered, and why they were chosen or not."""

    agent_id: str
    name: str
    load: float
    capacity: int
    chosen: bool
    why: str


class DecisionOut(Answer):
    """Why a conversation went to an agent or a skill, or still waits. `ticket` counts its waits."""

    id: int
    kind: DecisionKind
    at: datetime
    ticket: int
    skill_id: str | None
    agent_id: str | None
    reason: str
    candidates: list[CandidateOut]

    @classmethod
    def of(cls, decision: RoutingDecision) -> Self:
        return cls.model_validate(decision)


class CommandAnswer(Answer):
    """What was done: the conversation, and the message that was written. Both can be read now."""

    conversation_id: UUID
    message_id: UUID | None = None

    @classmethod
    def of(cls, done: CommandResult) -> Self:
        return cls.model_validate(done)


class CommandFound(Answer):
    """What became of a command; `done` says what it did."""

    state: CommandState
    done: CommandAnswer | None = None

    @classmethod
    def of(cls, found: CommandOutcome) -> Self:
        return cls.model_validate(found)
