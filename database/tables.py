"""Every table. Texts ids are chosen by us, `_at` columns are UTC, money does not exist here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(DeclarativeBase):
    """Base of all tables: naming convention and column types."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own protocol
        datetime: DateTime(timezone=True),
        str: Text,
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


def _now() -> Mapped[datetime]:
    return mapped_column(server_default=func.now())


class Account(Table):
    """A brand, and its defaults for conversations."""

    __tablename__ = "account"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    brand: Mapped[str]
    """The name consumers read, the {brand} of automatic messages."""
    language: Mapped[str] = mapped_column(server_default="en")
    time_zone: Mapped[str] = mapped_column(server_default="UTC")
    auto_close_seconds: Mapped[int] = mapped_column(server_default=sql("7776000"))
    survey_enabled: Mapped[bool] = mapped_column(server_default=sql("true"))
    survey_timeout_seconds: Mapped[int] = mapped_column(server_default=sql("3600"))
    agent_transfer_fallback_seconds: Mapped[int] = mapped_column(server_default=sql("7200"))
    default_capacity: Mapped[int] = mapped_column(server_default=sql("5"))
    created_at: Mapped[datetime] = _now()


class Connector(Table):
    """An account's connection to one provider. `secret` holds encrypted `ConnectorSecret` JSON."""

    __tablename__ = "connector"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    provider: Mapped[str]
    name: Mapped[str]
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    api_url: Mapped[str | None]
    """The provider's address when it is not the official one (development: the simulator)."""
    prefix: Mapped[str] = mapped_column(server_default="")
    """Put before every automatic message."""
    resend_unconfirmed: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Send once more a text whose answer was lost and which the provider does not list."""
    created_at: Mapped[datetime] = _now()
    retired_at: Mapped[datetime | None]


class Skill(Table):
    __tablename__ = "skill"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str]
    priority: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    auto_close_seconds: Mapped[int | None]
    created_at: Mapped[datetime] = _now()
    retired_at: Mapped[datetime | None]


class Line(Table):
    __tablename__ = "line"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    connector_id: Mapped[str] = mapped_column(ForeignKey("connector.id"))
    name: Mapped[str]
    address: Mapped[str]
    """E.164 number, short code, or Messaging Service SID."""
    kind: Mapped[str]
    """`providers.contract.LineKind`."""
    entry_skill_id: Mapped[str] = mapped_column(ForeignKey("skill.id"))
    priority: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    language: Mapped[str | None]
    created_at: Mapped[datetime] = _now()
    retired_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_line_connector_id_address",
            "connector_id",
            "address",
            unique=True,
            postgresql_where=sql("retired_at IS NULL"),
        ),
    )


class AutomaticMessage(Table):
    """A text set by the account; where none is set the built-in default holds."""

    __tablename__ = "automatic_message"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    line_id: Mapped[str | None] = mapped_column(ForeignKey("line.id"))
    skill_id: Mapped[str | None] = mapped_column(ForeignKey("skill.id"))
    language: Mapped[str]
    event: Mapped[str]
    text: Mapped[str]
    enabled: Mapped[bool] = mapped_column(server_default=sql("true"))
    __table_args__ = (
        UniqueConstraint(
            "account_id",
            "line_id",
            "skill_id",
            "language",
            "event",
            postgresql_nulls_not_distinct=True,
        ),
    )


class Agent(Table):
    """A person of the account: agent, manager or admin."""

    __tablename__ = "agent"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str]
    """What consumers and colleagues read."""
    email: Mapped[str] = mapped_column(unique=True)
    """Lower case; the log-in name."""
    password_hash: Mapped[str]
    role: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="offline")
    state_reason: Mapped[str | None]
    state_since: Mapped[datetime] = _now()
    capacity: Mapped[int | None]
    """Conversations at once; null: the account's default."""
    last_assigned_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = _now()
    retired_at: Mapped[datetime | None]


class AgentSkill(Table):
    __tablename__ = "agent_skill"
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    skill_id: Mapped[str] = mapped_column(ForeignKey("skill.id"), primary_key=True, index=True)


class Session(Table):
    """A person's log-in. Only the SHA-256 of the token is kept."""

    __tablename__ = "session"
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), index=True)
    created_at: Mapped[datetime] = _now()
    expires_at: Mapped[datetime]


class ApiToken(Table):
    """A program's key to the API. Only the SHA-256 of the token is kept."""

    __tablename__ = "api_token"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    role: Mapped[str]
    created_at: Mapped[datetime] = _now()
    revoked_at: Mapped[datetime | None]


class Consumer(Table):
    """A person who texts. The public id is `c` and the row's number."""

    __tablename__ = "consumer"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    number: Mapped[str]
    name: Mapped[str | None]
    language: Mapped[str | None]
    created_at: Mapped[datetime] = _now()
    last_text_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("account_id", "number"),)


class Consent(Table):
    """Where a consumer stands in one scope: `account`, or `line:<id>`. No row: never opted out."""

    __tablename__ = "consent"
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    is_opted_out: Mapped[bool] = mapped_column(Boolean)
    changed_at: Mapped[datetime] = _now()


class ConsentEvent(Table):
    """Append-only: who said what, when, where from, for which scope."""

    __tablename__ = "consent_event"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"), index=True)
    scope: Mapped[str]
    kind: Mapped[str]
    """`opted_out` or `opted_in`."""
    source: Mapped[str]
    """`text`, `provider`, `agent` or `api`."""
    text: Mapped[str | None]
    inbound_id: Mapped[UUID | None]
    at: Mapped[datetime] = _now()


class Inbound(Table):
    """A consumer's text as the door wrote it, before anything else knows of it."""

    __tablename__ = "inbound"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    connector_id: Mapped[str] = mapped_column(ForeignKey("connector.id"))
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"))
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    provider_message_id: Mapped[str]
    text: Mapped[str]
    is_truncated: Mapped[bool] = mapped_column(server_default=sql("false"))
    media: Mapped[list[Any]] = mapped_column(JSONB, server_default=sql("'[]'"))
    keyword: Mapped[str | None]
    provider_handled: Mapped[bool] = mapped_column(server_default=sql("false"))
    """The provider itself confirms this keyword to the consumer."""
    raw: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    received_at: Mapped[datetime] = _now()
    arrival: Mapped[int] = mapped_column(BigInteger, Identity())
    """Order of arrival within one consumer (their row is locked while it is drawn)."""
    handed_over_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("connector_id", "provider_message_id"),
        Index(
            "ix_inbound_waiting",
            "line_id",
            "consumer_id",
            "arrival",
            postgresql_where=sql("handed_over_at IS NULL"),
        ),
    )


class Conversation(Table):
    """What people look at; written by the journal, never ahead of the workflow."""

    __tablename__ = "conversation"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"))
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    workflow_id: Mapped[str]
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
    """The beginning of the last message, for lists."""
    waiting_since: Mapped[datetime | None]
    """The first consumer text nobody has answered yet."""
    message_count: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    survey_outcome: Mapped[str | None]
    survey_score: Mapped[int | None]
    survey_comment: Mapped[str | None]
    survey_agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    survey_skill_id: Mapped[str | None] = mapped_column(ForeignKey("skill.id"))
    survey_answered_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_conversation_open",
            "line_id",
            "consumer_id",
            unique=True,
            postgresql_where=sql("status <> 'closed'"),
        ),
        Index("ix_conversation_account_opened", "account_id", "opened_at", "id"),
        Index("ix_conversation_consumer", "consumer_id", "opened_at"),
        Index(
            "ix_conversation_held",
            "agent_id",
            postgresql_where=sql("status = 'assigned'"),
        ),
    )


class Participation(Table):
    """Agents who hold or held a conversation: they may read it."""

    __tablename__ = "participation"
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), primary_key=True, index=True)
    first_at: Mapped[datetime] = _now()


class Message(Table):
    """One entry of a transcript: a consumer's text, an agent's, an automatic one, or a note."""

    __tablename__ = "message"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    position: Mapped[int] = mapped_column(Integer)
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
    status_at: Mapped[datetime] = _now()
    attempts: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    attempted_at: Mapped[datetime | None]
    resent: Mapped[bool] = mapped_column(server_default=sql("false"))
    provider_message_id: Mapped[str | None]
    failure_code: Mapped[str | None]
    failure_sentence: Mapped[str | None]
    """What the agent reads about a failed text."""
    __table_args__ = (
        UniqueConstraint("conversation_id", "position"),
        Index("ix_message_provider_message_id", "provider_message_id"),
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
    """Returned by this agent: others are tried first."""
    priority: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    entered_at: Mapped[datetime]
    assigned_agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"), index=True)
    """Chosen by the router, not yet acknowledged by the conversation."""
    assigned_at: Mapped[datetime | None]
    signalled_at: Mapped[datetime | None]


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
    at: Mapped[datetime] = _now()
    __table_args__ = (
        Index("ix_event_account_id_id", "account_id", "id"),
        Index("ix_event_conversation_id_id", "conversation_id", "id"),
        Index(
            "ix_event_command_key",
            "conversation_id",
            "command_key",
            postgresql_where=sql("command_key IS NOT NULL"),
        ),
    )


class Idempotency(Table):
    """The answer a request with an idempotency key got, for 24 hours."""

    __tablename__ = "idempotency"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    caller: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int] = mapped_column(Integer)
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = _now()
