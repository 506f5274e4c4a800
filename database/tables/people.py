"""People of the brand, programs, and their credentials."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, Index, Integer, LargeBinary, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now


class Agent(Table):
    """A person of the account: agent, manager or admin."""

    __tablename__ = "agent"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str]
    """The name that consumers and colleagues read."""
    email: Mapped[str]
    """The log-in name in lower case, unique among an account's active people."""
    password_hash: Mapped[str]
    role: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="offline")
    state_reason: Mapped[str | None]
    state_since: Mapped[datetime] = created_now()
    capacity: Mapped[int | None]
    """Concurrent conversations; null: the account's default."""
    last_assigned_at: Mapped[datetime | None]
    online_since: Mapped[datetime | None]
    """The start of the current working period, from which warm-up counts."""
    missed_offers: Mapped[int] = mapped_column(server_default=sql("0"))
    """Missed offers in a row."""
    may_pick: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether they may pick conversations from the queue."""
    may_open: Mapped[bool] = mapped_column(server_default=sql("true"))
    """Whether they may begin conversations."""
    interface_language: Mapped[str | None]
    """The language of their pages; null: what their browser prefers."""
    signature: Mapped[str | None]
    """What stands under their replies, on a line of its own; null: nothing."""
    signs_replies: Mapped[bool] = mapped_column(server_default=sql("true"))
    """Whether their composer puts it there."""
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Encrypted: what their one-time codes are made from."""
    totp_since: Mapped[datetime | None]
    """Since when log-ins need a code. Null: they do not, or the secret is not confirmed yet."""
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    """The period of the last code that was used: no code is used twice."""
    sign_on_issuer: Mapped[str | None]
    sign_on_subject: Mapped[str | None]
    """Who they are at the identity provider, since they first logged in by it."""
    created_at: Mapped[datetime] = created_now()
    retired_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_agent_email_account_id",
            "email",
            "account_id",
            unique=True,
            postgresql_where=sql("retired_at IS NULL"),
        ),
        Index(
            "uq_agent_sign_on",
            "account_id",
            "sign_on_issuer",
            "sign_on_subject",
            unique=True,
            postgresql_where=sql("sign_on_subject IS NOT NULL"),
        ),
    )


class AgentSkill(Table):
    __tablename__ = "agent_skill"
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    skill_id: Mapped[str] = mapped_column(ForeignKey("skill.id"), primary_key=True, index=True)


class Session(Table):
    """A person's log-in. Only the SHA-256 of the token is stored."""

    __tablename__ = "session"
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), index=True)
    created_at: Mapped[datetime] = created_now()
    expires_at: Mapped[datetime]
    browser: Mapped[str | None]
    """What the browser says it is."""
    address: Mapped[str | None]


class PersonLink(Table):
    """A link with which a person sets their own password. Only the SHA-256 of it is stored."""

    __tablename__ = "person_link"
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), index=True)
    created_at: Mapped[datetime] = created_now()
    expires_at: Mapped[datetime]


class RecoveryCode(Table):
    """A code that serves once in place of a person's one-time code, as its SHA-256."""

    __tablename__ = "recovery_code"
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)


class LogInFailure(Table):
    """Recent failed log-ins of a client, with an address, or of both."""

    __tablename__ = "log_in_failure"
    what: Mapped[str] = mapped_column(primary_key=True)
    """A hash."""
    times: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))
    last_at: Mapped[datetime] = mapped_column(index=True)


class ApiToken(Table):
    """A program's key for the API. Only the SHA-256 of the token is stored."""

    __tablename__ = "api_token"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    role: Mapped[str]
    scopes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """Null: all that its role may do."""
    created_at: Mapped[datetime] = created_now()
    last_used_at: Mapped[datetime | None]
    """To the minute."""
    revoked_at: Mapped[datetime | None]


class Operator(Table):
    """A person who runs the installation, and may read what Temporal stores of any account."""

    __tablename__ = "operator"
    name: Mapped[str] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime] = created_now()


class IdentityProvider(Table):
    """Where an account's people log in, by OpenID Connect."""

    __tablename__ = "identity_provider"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    issuer: Mapped[str]
    client_id: Mapped[str]
    secret: Mapped[str]
    """Encrypted."""
    role_claim: Mapped[str]
    roles: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Roles by values of the claim. Empty: people keep the roles they have here."""
    adds_people: Mapped[bool]
    proves_addresses: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether an address without `email_verified` counts: nobody can set their own there."""


class SetUpLink(Table):
    """A link with which one brand sets itself up. Only the SHA-256 of its token is stored."""

    __tablename__ = "set_up_link"
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    created_at: Mapped[datetime] = created_now()
    expires_at: Mapped[datetime]


class Idempotency(Table):
    """The answer to a request with an idempotency key, stored for 24 hours."""

    __tablename__ = "idempotency"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    caller: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int] = mapped_column(Integer)
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = created_now()


class RequestCount(Table):
    """Requests of a caller in a minute, by all API processes together."""

    __tablename__ = "request_count"
    caller: Mapped[str] = mapped_column(primary_key=True)
    minute: Mapped[datetime] = mapped_column(primary_key=True, index=True)
    requests: Mapped[int]


class AgentStatePeriod(Table):
    """How long an agent was in a state. The present one has no end."""

    __tablename__ = "agent_state_period"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"))
    state: Mapped[str]
    reason: Mapped[str | None]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_agent_state_period_agent_began", "agent_id", "began_at"),)
