"""Conversations for pages and the API, written by the journal after the workflow decided."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.statuses import listed
from database.tables.base import Table, created_now
from domain.delivery.statuses import LOOKED_UP, NOT_DELIVERED, UNSENT
from domain.erasure.kinds import ERASED
from domain.routing.matching import ORDER


class Conversation(Table):
    """A conversation for pages and the API; written by the journal, never ahead of the workflow."""

    __tablename__ = "conversation"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"))
    consumer_id: Mapped[UUID] = mapped_column(ForeignKey("consumer.id"))
    workflow_id: Mapped[str]
    number: Mapped[int] = mapped_column(Integer)
    """The number of the conversation among those of its line and consumer, from 1."""
    sequence: Mapped[int] = mapped_column(Integer)
    """The number of the last journalled step; a step is applied once."""
    status: Mapped[str]
    pending_side: Mapped[str]
    skill_id: Mapped[str | None] = mapped_column(ForeignKey("skill.id"))
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    """The assigned agent, or the last one if it is closed."""
    bot_id: Mapped[str | None]
    bot_name: Mapped[str | None]
    """The bot that serves it now. It then has the status `waiting`, and no queue entry."""
    opened_by: Mapped[str]
    """`consumer` or an agent's id."""
    opened_at: Mapped[datetime]
    assigned_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    """When an agent, a manager or a timer closed it; the survey may still run."""
    close_reason: Mapped[str | None]
    closed_by: Mapped[str | None]
    closing_reason_id: Mapped[str | None]
    """Of the reason that whoever closed it gave, or somebody afterwards: that one stays."""
    priority: Mapped[str] = mapped_column(server_default=sql("'normal'"))
    """How urgent people say it is: `domain.settings.priorities.Priority`. No step writes it."""
    auto_close_at: Mapped[datetime | None]
    last_message_at: Mapped[datetime | None]
    last_text: Mapped[str | None]
    """The beginning of the last text from a person, for lists."""
    waiting_since: Mapped[datetime | None]
    """The time of the consumer's first unanswered text."""
    consumer_texted_at: Mapped[datetime | None]
    """The time of the consumer's last text; weighted load counts silence from it."""
    response_due_at: Mapped[datetime | None]
    """The response deadline; null while no answer is due or no response time is set."""
    response_is_manual: Mapped[bool] = mapped_column(server_default=sql("false"))
    next_open_at: Mapped[datetime | None]
    """When working hours begin again; set if the last step was outside working hours."""
    offered_agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    """The agent it is offered to."""
    offer_ends_at: Mapped[datetime | None]
    message_count: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    texts_to_carry: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    """The number of texts its survey did not use, with which the next conversation will open."""
    language: Mapped[str | None]
    """The language of its automatic messages, if known."""
    deadlines: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    """Pending timers: `domain.conversation.kinds.DeadlineKind` to ISO time."""
    counted_from: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    """The starting times of those timers, by the same keys, as far as pages show them."""
    scheduled: Mapped[list[Any]] = mapped_column(JSONB, server_default=sql("'[]'"))
    """Scheduled texts, by time: `domain.conversation.state.ScheduledText`."""
    is_auto_close_held: Mapped[bool] = mapped_column(server_default=sql("false"))
    snoozed_at: Mapped[datetime | None]
    """When it was snoozed; null: it is not."""
    snoozed_until: Mapped[datetime | None]
    """When the snooze ends; null while it is snoozed: with the consumer's next text alone."""
    origin: Mapped[str] = mapped_column(server_default=sql("'text'"))
    """How it began: `domain.origins.kinds.OriginKind`."""
    origin_id: Mapped[str | None]
    """Of the source, notification, batch or call it began with, or the conversation it follows."""
    origin_data: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    """`domain.origins.origin.Origin`; empty where there is nothing to tell."""
    closed_at_once: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether it closed with its first text, a keyword, a text of an opted-out consumer, or an
    answer to an invitation that asks for nothing: no welcome, queue or agent."""
    opt_out_wished_at: Mapped[datetime | None]
    """When the consumer asked for no more texts in words of their own."""
    survey_outcome: Mapped[str | None]
    survey_score: Mapped[int | None]
    survey_comment: Mapped[str | None]
    survey_agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    survey_skill_id: Mapped[str | None] = mapped_column(ForeignKey("skill.id"))
    survey_answered_at: Mapped[datetime | None]
    survey_asked_at: Mapped[datetime | None]
    """When the rating was first asked for; limits how often a consumer is asked."""
    survey_satisfied: Mapped[bool | None]
    """Whether the score counts as satisfied on its scale, for CSAT %."""
    survey_scale: Mapped[str | None]
    survey_is_late: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether it was answered after the survey had expired or was ignored."""
    survey_answers: Mapped[list[Any]] = mapped_column(JSONB, server_default=sql("'[]'"))
    """Answers to the questions after the rating: `domain.conversation.state.FollowUpAnswer`."""
    forgotten_at: Mapped[datetime | None]
    """When its content was erased; what is left is what figures need."""
    __table_args__ = (
        Index(
            "uq_conversation_open",
            "line_id",
            "consumer_id",
            unique=True,
            postgresql_where=sql("status <> 'closed'"),
        ),
        UniqueConstraint("line_id", "consumer_id", "number"),
        UniqueConstraint("id", "line_id", "consumer_id"),
        Index(
            "ix_conversation_to_carry",
            "id",
            postgresql_where=sql("texts_to_carry > 0"),
        ),
        Index("ix_conversation_account_opened", "account_id", "opened_at", "id"),
        Index(
            "ix_conversation_open",
            *("account_id", "opened_at", "id"),
            postgresql_where=sql("status <> 'closed'"),
        ),
        Index("ix_conversation_agent_opened", "agent_id", "opened_at", "id"),
        Index("ix_conversation_skill_opened", "skill_id", "opened_at", "id"),
        Index("ix_conversation_line_opened", "line_id", "opened_at", "id"),
        Index(
            "ix_conversation_origin",
            *("account_id", "origin", "origin_id", "opened_at"),
            postgresql_where=sql("origin <> 'text'"),
        ),
        Index("ix_conversation_consumer", "consumer_id", "opened_at"),
        Index(
            "ix_conversation_held",
            "agent_id",
            postgresql_where=sql("status = 'assigned'"),
        ),
        Index(
            "ix_conversation_to_forget",
            *("account_id", "closed_at"),
            postgresql_where=sql("forgotten_at IS NULL AND status = 'closed'"),
        ),
        Index(
            "ix_conversation_rated",
            "survey_agent_id",
            "survey_answered_at",
            postgresql_where=sql("survey_score IS NOT NULL"),
        ),
    )


class LatestStep(Table):
    """The complete newest step of a conversation, adopted by a workflow that decides it again."""

    __tablename__ = "latest_step"
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer)
    state: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """`domain.conversation.state.ConversationState` after the step."""
    policy: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """`domain.conversation.state.Policy` of the conversation."""
    adoptions: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    """How often a workflow dropped its own decision and adopted this one."""
    __table_args__ = (
        Index("ix_latest_step_adoptions", "adoptions", postgresql_where=sql("adoptions > 0")),
    )


class Participation(Table):
    """Agents who take or took part in a conversation, and may therefore read it."""

    __tablename__ = "participation"
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), primary_key=True, index=True)
    first_at: Mapped[datetime] = created_now()


class Message(Table):
    """An entry of a transcript: a consumer's text, an agent's, a bot's, an automatic one, a note.

    An outgoing text may have no conversation. It has its own line and consumer, and is sent like
    the others.
    """

    __tablename__ = "message"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"))
    consumer_id: Mapped[UUID] = mapped_column(ForeignKey("consumer.id"))
    conversation_id: Mapped[UUID | None]
    position: Mapped[int | None] = mapped_column(Integer)
    """The position in the transcript, from 1."""
    author: Mapped[str]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    bot_id: Mapped[str | None]
    bot_name: Mapped[str | None]
    """The bot that wrote it, by the name it had then."""
    automatic: Mapped[str | None]
    """The kind of an automatic message: `domain.automatic.kinds.Automatic`."""
    is_consent_reply: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether it is a confirmation or HELP text, which opted-out consumers may get."""
    text: Mapped[str]
    media: Mapped[list[Any]] = mapped_column(JSONB, server_default=sql("'[]'"))
    is_truncated: Mapped[bool] = mapped_column(server_default=sql("false"))
    segments: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    encoding: Mapped[str | None]
    written_at: Mapped[datetime]
    maybe_sent_since: Mapped[datetime | None]
    """Whether a restored database may have forgotten that it left, at this time at the earliest."""
    sent_at: Mapped[datetime | None]
    """When the consumer sent it, if it arrived late."""
    status: Mapped[str]
    status_at: Mapped[datetime] = created_now()
    attempts: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    attempted_at: Mapped[datetime | None]
    resent: Mapped[bool] = mapped_column(server_default=sql("false"))
    look_up_at: Mapped[datetime | None]
    """The time of the next look-up at the provider or, while `queued`, of the next attempt."""
    leaves_at: Mapped[datetime | None]
    """When its line has room for it, if the line is paced: see `database.queries.lanes`."""
    look_ups: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    """The number of look-ups since the text was claimed or accepted."""
    provider_message_id: Mapped[str | None]
    failure_code: Mapped[str | None]
    failure_sentence: Mapped[str | None]
    """The sentence the agent reads about a failed text."""
    provider_code: Mapped[str | None]
    """The provider's own code for the reason."""
    provider_message: Mapped[str | None]
    """The provider's own words for it."""
    billed_segments: Mapped[int | None] = mapped_column(Integer)
    """As the provider counts them; `segments` is our own count."""
    price: Mapped[Decimal | None]
    price_currency: Mapped[str | None]
    parts: Mapped[int | None] = mapped_column(Integer)
    """The parts it was sent in, if its provider reports on them one by one."""
    parts_delivered: Mapped[int | None] = mapped_column(Integer)
    __table_args__ = (
        UniqueConstraint("conversation_id", "position"),
        ForeignKeyConstraint(
            ["conversation_id", "line_id", "consumer_id"],
            ["conversation.id", "conversation.line_id", "conversation.consumer_id"],
        ),
        CheckConstraint(
            "(conversation_id IS NULL) = (position IS NULL)", name="conversation_and_position"
        ),
        Index("ix_message_provider_message_id", "provider_message_id"),
        Index("ix_message_alone", "consumer_id", postgresql_where=sql("conversation_id IS NULL")),
        Index(
            "ix_message_alone_kept",
            *("account_id", "written_at"),
            postgresql_where=sql(f"conversation_id IS NULL AND text <> '{ERASED}'"),
        ),
        Index(
            "ix_message_in",
            *("line_id", "written_at"),
            postgresql_where=sql("author = 'consumer'"),
        ),
        Index(
            "ix_message_out",
            *("line_id", "attempted_at"),
            postgresql_where=sql("author <> 'consumer' AND provider_message_id IS NOT NULL"),
        ),
        Index(
            "ix_message_look_up_at",
            "look_up_at",
            postgresql_where=sql(f"status IN ({listed(LOOKED_UP)})"),
        ),
        Index(
            "ix_message_not_sent",
            "line_id",
            "consumer_id",
            postgresql_where=sql(f"status IN ({listed(UNSENT)})"),
        ),
        Index(
            "ix_message_standalone",
            "look_up_at",
            postgresql_where=sql("conversation_id IS NULL AND status = 'queued'"),
        ),
        Index(
            "ix_message_priced",
            "line_id",
            "written_at",
            postgresql_where=sql("price IS NOT NULL"),
        ),
        Index(
            "ix_message_consumer_taken",
            "consumer_id",
            "written_at",
            postgresql_where=sql("provider_message_id IS NOT NULL"),
        ),
        Index(
            "ix_message_not_delivered",
            *("account_id", "conversation_id"),
            postgresql_where=sql(f"status IN ({listed(NOT_DELIVERED)})"),
        ),
    )


class PartReport(Table):
    """The last delivery report about one part of a text."""

    __tablename__ = "part_report"
    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id"), primary_key=True)
    provider_message_id: Mapped[str] = mapped_column(primary_key=True)
    """The provider's id of the whole text: one that was sent again has two."""
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    total: Mapped[int | None] = mapped_column(Integer)
    """The number of parts, if the report told it."""
    status: Mapped[str]
    provider_code: Mapped[str | None]
    at: Mapped[datetime] = created_now()


EFFECTIVE_DUE_AT = (
    "((COALESCE(due_at, entered_at) AT TIME ZONE 'UTC') - priority * interval '1 minute')"
    " AT TIME ZONE 'UTC'"
)


class QueueEntry(Table):
    """A conversation that waits for an agent. `ticket`: the number of this wait, from 1."""

    __tablename__ = "queue_entry"
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    ticket: Mapped[int] = mapped_column(Integer)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    workflow_id: Mapped[str]
    skill_id: Mapped[str] = mapped_column(ForeignKey("skill.id"), index=True)
    requested_agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    """The agent it was transferred to; nobody else gets it."""
    avoided_agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    """The agent who returned it, or from whom it was taken; others are tried first."""
    avoided_was_silent: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether it was taken from that agent because they did not answer."""
    priority: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    """Minutes: of its line, its skill and the conversation itself."""
    entered_at: Mapped[datetime]
    """The start of the wait; a released conversation keeps it, a returned one does not."""
    due_at: Mapped[datetime | None]
    """The response deadline."""
    effective_due_at: Mapped[datetime] = mapped_column(Computed(EFFECTIVE_DUE_AT, persisted=True))
    """The order of service, earliest first: see `domain.routing.matching.effective_due_at`."""
    was_assigned: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether it was assigned before."""
    may_fall_back: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether a fallback skill may take it although it was assigned; no if it was transferred."""
    not_accepted_by: Mapped[list[Any]] = mapped_column(JSONB, server_default=sql("'[]'"))
    """Agents who did not accept an offer in this wait: they declined it, or let it lapse."""
    assigned_agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"), index=True)
    """The agent chosen by the router, whom the conversation has not acknowledged yet."""
    assigned_at: Mapped[datetime | None]
    signalled_at: Mapped[datetime | None]
    waiting_reason: Mapped[str | None]
    """Why it still waits, from the last routing decision."""
    __table_args__ = (
        Index(
            "ix_queue_entry_served",
            "account_id",
            *ORDER,
            postgresql_where=sql("assigned_agent_id IS NULL"),
        ),
    )
