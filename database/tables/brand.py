"""The brand: accounts, how they reach providers, and what they send."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now


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
    created_at: Mapped[datetime] = created_now()


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
    created_at: Mapped[datetime] = created_now()
    retired_at: Mapped[datetime | None]


class Skill(Table):
    __tablename__ = "skill"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str]
    priority: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    auto_close_seconds: Mapped[int | None]
    created_at: Mapped[datetime] = created_now()
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
    """`domain.words.LineKind`."""
    entry_skill_id: Mapped[str] = mapped_column(ForeignKey("skill.id"))
    priority: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    language: Mapped[str | None]
    created_at: Mapped[datetime] = created_now()
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
