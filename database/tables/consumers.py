"""Consumers, their consent, and the texts received from them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKey,
    Identity,
    Index,
    Integer,
    UniqueConstraint,
    func,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now
from domain.numbers.phone_numbers import key_of


def _phone(context: DefaultExecutionContext) -> str:
    row: dict[str, str] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return key_of(row["number"])


class Consumer(Table):
    """A person who texts. Their id is part of workflow ids, so it is random and never reused."""

    __tablename__ = "consumer"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    number: Mapped[str]
    """The number that texts are sent to, as the consumer last sent it or an agent typed it."""
    phone: Mapped[str] = mapped_column(default=_phone)
    """`domain.numbers.phone_numbers.Address.key` of their number, the same for all spellings."""
    name: Mapped[str | None]
    language: Mapped[str | None]
    language_source: Mapped[str | None]
    """`domain.language_settings.LanguageSource`: where the language comes from."""
    created_at: Mapped[datetime] = created_now()
    last_text_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("account_id", "phone"),
        Index(
            "ix_consumer_account_id_language",
            "account_id",
            "language",
            postgresql_where=sql("language IS NOT NULL"),
        ),
    )


class Consent(Table):
    """A consumer's consent in one scope: `account`, or `line:<id>`. No row: never opted out."""

    __tablename__ = "consent"
    consumer_id: Mapped[UUID] = mapped_column(ForeignKey("consumer.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    is_opted_out: Mapped[bool] = mapped_column(Boolean)
    changed_at: Mapped[datetime] = created_now()


class ConsentEvent(Table):
    """A change of consent: who made it, when, how, for which scope. A trigger forbids updates."""

    __tablename__ = "consent_event"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    consumer_id: Mapped[UUID] = mapped_column(ForeignKey("consumer.id"), index=True)
    scope: Mapped[str]
    kind: Mapped[str]
    """`opted_out` or `opted_in`."""
    source: Mapped[str]
    """`text`, `provider`, `agent` or `api`."""
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    """The agent who recorded it, or on whose behalf a program did."""
    token_id: Mapped[str | None] = mapped_column(ForeignKey("api_token.id"))
    """The program that recorded it."""
    text: Mapped[str | None]
    inbound_id: Mapped[UUID | None]
    at: Mapped[datetime] = created_now()


class Inbound(Table):
    """A consumer's text as ingress stored it, before anything else happens with it."""

    __tablename__ = "inbound"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    connector_id: Mapped[str] = mapped_column(ForeignKey("connector.id"))
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"))
    consumer_id: Mapped[UUID] = mapped_column(ForeignKey("consumer.id"))
    provider_message_id: Mapped[str]
    text: Mapped[str]
    is_truncated: Mapped[bool] = mapped_column(server_default=sql("false"))
    media: Mapped[list[Any]] = mapped_column(JSONB, server_default=sql("'[]'"))
    keyword: Mapped[str | None]
    provider_handled: Mapped[bool] = mapped_column(server_default=sql("false"))
    """The provider itself confirms this keyword to the consumer."""
    wants_opt_out: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether it asks for no more texts in words other than a keyword."""
    raw: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    received_at: Mapped[datetime] = created_now()
    sent_at: Mapped[datetime | None]
    """When the provider received it, if it was fetched because no webhook had brought it."""
    is_filed: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether it came too late to be acted on."""
    arrival: Mapped[int] = mapped_column(BigInteger, Identity())
    """The order of arrival within one consumer, whose row is locked while it is assigned."""
    handed_over_at: Mapped[datetime | None]
    hand_overs: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    """The number of hand-overs. A text that is in no transcript after a while is handed over again.
    """
    __table_args__ = (
        UniqueConstraint("connector_id", "provider_message_id"),
        Index(
            "ix_inbound_waiting",
            "line_id",
            "consumer_id",
            "arrival",
            postgresql_where=sql("handed_over_at IS NULL"),
        ),
        Index(
            "ix_inbound_handed_over_at",
            "handed_over_at",
            postgresql_where=sql("handed_over_at IS NOT NULL"),
        ),
    )
