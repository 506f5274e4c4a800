"""Conversations as people look at them: written by the journal, behind the workflow."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.statuses import listed
from database.tables.base import Table, created_now
from domain.delivery.statuses import ASKED_ABOUT, UNSENT
from domain.routing.matching import ORDER


class Conversation(Table):
    """What people look at; written by the journal, never ahead of the workflow."""

    __tablename__ = "conversation"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"))
    consumer_id: Mapped[UUID] = mapped_column(ForeignKey("consumer.id"))
    workflow_id: Mapped[str]
    number: Mapped[int] = mapped_column(Integer)
    """Which conversation of its line and consumer it is, from 1."""
    sequence: Mapped[int] = mapped_column(Integer)
    """Number of the last step journalled; a step is applied once."""
    status: Mapped[str]
    pending_side: Mapped[str]
    skill_id: Mapped[str | None] = mapped_column(ForeignKey("skill.id"))
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    """Who holds it, or held it last when it is closed."""
    opened_by: Mapped[str]
    """`consumer` or an agent's id."""
    opened_at: Mapped[datetime]
    assigned_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    """When an agent, a manager or a timer closed it; the survey may still run."""
    close_reason: Mapped[str | None]
    closed_by: Mapped[str | None]
    auto_close_at: Mapped[datetime | None]
    last_message_at: Mapped[datetime | None]
    last_text: Mapped[str | None]
    """The beginning of the last text a person wrote, for lists."""
    waiting_since: Mapped[datetime | None]
    """The first consumer text nobody has answered yet."""
    consumer_texted_at: Mapped[datetime | None]
    """The consumer's last text: weighted load counts silence from here."""
    response_due_at: Mapped[datetime | None]
    """When the consumer must have an answer; null while none is owed or no time is set."""
    response_is_manual: Mapped[bool] = mapped_column(server_default=sql("false"))
    next_open_at: Mapped[datetime | None]
    """When working hours begin again, if they were over at the last step."""
    offered_agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    """Who it rings at."""
    offer_ends_at: Mapped[datetime | None]
    message_count: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    texts_to_carry: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    """Texts its survey had no use for, with which the next conversation is still to be opened."""
    language: Mapped[str | None]
    """Of the automatic messages, as far as it is known."""
    deadlines: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    """When time will do what: `domain.conversation.kinds.DeadlineKind` to ISO time."""
    counted_from: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    """Since when those times run, where a person can know it."""
    scheduled: Mapped[list[Any]] = mapped_column(JSONB, server_default=sql("'[]'"))
    """Texts to be sent later, by time: `domain.conversation.state.ScheduledText`."""
    is_auto_close_held: Mapped[bool] = mapped_column(server_default=sql("false"))
    reached_nobody: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Only a keyword, or a text of somebody who had opted out: no welcome, no queue, no agent."""
    opt_out_wished_at: Mapped[datetime | None]
    """When the consumer asked for no more texts in words of their own."""
    survey_outcome: Mapped[str | None]
    survey_score: Mapped[int | None]
    survey_comment: Mapped[str | None]
    survey_agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    survey_skill_id: Mapped[str | None] = mapped_column(ForeignKey("skill.id"))
    survey_answered_at: Mapped[datetime | None]
    survey_asked_at: Mapped[datetime | None]
    """When the rating was first asked for; a consumer is not asked too often."""
    survey_satisfied: Mapped[bool | None]
    """The score counts as good on its scale: what CSAT % counts."""
    survey_scale: Mapped[str | None]
    survey_is_late: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Answered after the survey had expired, or was ignored."""
    survey_answers: Mapped[list[Any]] = mapped_column(JSONB, server_default=sql("'[]'"))
    """To the questions after the rating: `domain.conversation.state.FollowUpAnswer`."""
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
        Index("ix_conversation_consumer", "consumer_id", "opened_at"),
        Index(
            "ix_conversation_held",
            "agent_id",
            postgresql_where=sql("status = 'assigned'"),
        ),
        Index(
            "ix_conversation_rated",
            "survey_agent_id",
            "survey_answered_at",
            postgresql_where=sql("survey_score IS NOT NULL"),
        ),
    )


class LatestStep(Table):
    """The newest step of a conversation, whole: what whoever decides it again adopts."""

    __tablename__ = "latest_step"
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer)
    state: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """`domain.conversation.state.ConversationState` after the step."""
    policy: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """`domain.conversation.state.Policy` that it lives under."""
    adopted: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    """How often a decision of it was given up for the one that stands here."""
    __table_args__ = (
        Index("ix_latest_step_adopted", "adopted", postgresql_where=sql("adopted > 0")),
    )


class Participation(Table):
    """Agents who hold or held a conversation: they may read it."""

    __tablename__ = "participation"
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), primary_key=True, index=True)
    first_at: Mapped[datetime] = created_now()


class Message(Table):
    """A consumer's text, an agent's, an automatic one, or a note: an entry of a transcript.

    A text of ours may stand in none: it has line and consumer itself, and is sent as the others.
    """

    __tablename__ = "message"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"))
    consumer_id: Mapped[UUID] = mapped_column(ForeignKey("consumer.id"))
    conversation_id: Mapped[UUID | None]
    position: Mapped[int | None] = mapped_column(Integer)
    """Place in the transcript, from 1."""
    author: Mapped[str]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    automatic: Mapped[str | None]
    """The event that sent an automatic message."""
    is_consent_reply: Mapped[bool] = mapped_column(server_default=sql("false"))
    """The one confirmation or HELP text that may go to the opted-out."""
    text: Mapped[str]
    media: Mapped[list[Any]] = mapped_column(JSONB, server_default=sql("'[]'"))
    is_truncated: Mapped[bool] = mapped_column(server_default=sql("false"))
    segments: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    encoding: Mapped[str | None]
    written_at: Mapped[datetime]
    status: Mapped[str]
    status_at: Mapped[datetime] = created_now()
    attempts: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    attempted_at: Mapped[datetime | None]
    resent: Mapped[bool] = mapped_column(server_default=sql("false"))
    ask_at: Mapped[datetime | None]
    """When the provider is asked next what became of it, or, while `queued`, the next attempt."""
    questions: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    """How often the provider was asked since the text was claimed or taken."""
    provider_message_id: Mapped[str | None]
    failure_code: Mapped[str | None]
    failure_sentence: Mapped[str | None]
    """What the agent reads about a failed text."""
    provider_code: Mapped[str | None]
    """What the provider itself calls the reason, to look it up there."""
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
        Index(
            "ix_message_ask_at",
            "ask_at",
            postgresql_where=sql(f"status IN ({listed(ASKED_ABOUT)})"),
        ),
        Index(
            "ix_message_not_sent",
            "line_id",
            "consumer_id",
            postgresql_where=sql(f"status IN ({listed(UNSENT)})"),
        ),
        Index(
            "ix_message_standalone",
            "ask_at",
            postgresql_where=sql("conversation_id IS NULL AND status = 'queued'"),
        ),
        Index(
            "ix_message_consumer_taken",
            "consumer_id",
            "written_at",
            postgresql_where=sql("provider_message_id IS NOT NULL"),
        ),
    )


TURN_AT = (
    "((COALESCE(due_at, entered_at) AT TIME ZONE 'UTC') - priority * interval '1 minute')"
    " AT TIME ZONE 'UTC'"
)


class QueueEntry(Table):
    """A conversation that waits for an agent. `ticket` counts the waits of one conversation."""

    __tablename__ = "queue_entry"
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    ticket: Mapped[int] = mapped_column(Integer)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    workflow_id: Mapped[str]
    skill_id: Mapped[str] = mapped_column(ForeignKey("skill.id"), index=True)
    wanted_agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    """Transferred to this agent: nobody else gets it."""
    avoided_agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    """Returned by this agent, or taken from them: others are tried first."""
    avoided_was_silent: Mapped[bool] = mapped_column(server_default=sql("false"))
    """It was taken from them: they did not answer."""
    priority: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    """Minutes."""
    entered_at: Mapped[datetime]
    """Age in the queue; kept when the conversation was released, not given back."""
    due_at: Mapped[datetime | None]
    """The response deadline."""
    turn_at: Mapped[datetime] = mapped_column(Computed(TURN_AT, persisted=True))
    """The earliest is served first: see `domain.routing.matching.turn_at`."""
    was_assigned: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Somebody held it before."""
    may_fall_back: Mapped[bool] = mapped_column(server_default=sql("false"))
    """A fallback skill may take it although somebody held it: nobody transferred it here."""
    passed_by: Mapped[list[Any]] = mapped_column(JSONB, server_default=sql("'[]'"))
    """Agents who declined or let the offer pass in this wait."""
    assigned_agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"), index=True)
    """Chosen by the router, not yet acknowledged by the conversation."""
    assigned_at: Mapped[datetime | None]
    signalled_at: Mapped[datetime | None]
    waits_because: Mapped[str | None]
    """Why nobody got it yet, as the last routing decision says."""
    __table_args__ = (
        Index(
            "ix_queue_entry_served",
            "account_id",
            *ORDER,
            postgresql_where=sql("assigned_agent_id IS NULL"),
        ),
    )


class Event(Table):
    """What happened, in an order that is safe to resume from: see `database.queries.events`."""

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    conversation_id: Mapped[UUID | None]
    agent_id: Mapped[str | None]
    """The agent it is about or by."""
    kind: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    command_key: Mapped[str | None]
    at: Mapped[datetime] = created_now()
    __table_args__ = (
        Index("ix_event_account_id_id", "account_id", "id"),
        Index("ix_event_history_missing", "id", postgresql_where=sql("kind = 'history_missing'")),
        Index("ix_event_conversation_id_id", "conversation_id", "id"),
        Index(
            "ix_event_command_key",
            "conversation_id",
            "command_key",
            postgresql_where=sql("command_key IS NOT NULL"),
        ),
    )


class RoutingDecision(Table):
    """Why a conversation went where it went, or still waits."""

    __tablename__ = "routing_decision"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    ticket: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str]
    """`domain.routing.kinds.DecisionKind`."""
    skill_id: Mapped[str | None]
    agent_id: Mapped[str | None]
    reason: Mapped[str]
    """One sentence for a person."""
    candidates: Mapped[list[Any]] = mapped_column(JSONB, server_default=sql("'[]'"))
    """Per agent looked at: id, name, load, capacity, whether chosen, and why or why not."""
    at: Mapped[datetime] = created_now()
    __table_args__ = (Index("ix_routing_decision_conversation_id_id", "conversation_id", "id"),)
