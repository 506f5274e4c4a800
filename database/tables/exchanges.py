"""What providers and we said to each other, redacted, for a set time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table


class Exchange(Table):
    """A request and its answer: ours to a provider, or a provider's webhook.

    It has no foreign key to its message: it is written behind the message's back, and a webhook may
    name a text that is not there.
    """

    __tablename__ = "exchange"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    connector_id: Mapped[str] = mapped_column(ForeignKey("connector.id"))
    line_id: Mapped[str | None] = mapped_column(ForeignKey("line.id"))
    message_id: Mapped[UUID | None]
    provider_message_id: Mapped[str | None]
    kind: Mapped[str]
    """`domain.delivery.exchanges.ExchangeKind`."""
    at: Mapped[datetime]
    milliseconds: Mapped[int] = mapped_column(Integer)
    method: Mapped[str]
    url: Mapped[str]
    request: Mapped[str]
    status: Mapped[int | None] = mapped_column(Integer)
    answer: Mapped[str]
    outcome: Mapped[str | None]
    __table_args__ = (
        Index("ix_exchange_at", "at"),
        Index(
            "ix_exchange_message_id", "message_id", postgresql_where=sql("message_id IS NOT NULL")
        ),
        Index(
            "ix_exchange_connector_id_provider_message_id",
            "connector_id",
            "provider_message_id",
            postgresql_where=sql("provider_message_id IS NOT NULL"),
        ),
        Index(
            "ix_exchange_connector_id_at",
            "connector_id",
            "at",
            postgresql_where=sql("message_id IS NULL AND provider_message_id IS NULL"),
        ),
    )


class WebhookRefusal(Table):
    """Webhooks of a line that were not signed by its provider: one row, however many came."""

    __tablename__ = "webhook_refusal"
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"), primary_key=True)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str]
    """Of the last one, as the provider's adapter says it."""
    request: Mapped[str]
    """The last one, redacted."""
    __table_args__ = (Index("ix_webhook_refusal_last_at", "last_at"),)
