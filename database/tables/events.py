"""What happened, in the order in which pages and programs are told of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, func
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table


class Event(Table):
    """An event, in an order that is safe to resume from: see `database.queries.events`.

    Partitioned by its month: see `database.partitions`.
    """

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    conversation_id: Mapped[UUID | None]
    agent_id: Mapped[str | None]
    """The agent who caused it, or whom it is about."""
    kind: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    command_key: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(primary_key=True, server_default=func.now())
    __table_args__ = (
        Index("ix_event_account_id_id", "account_id", "id"),
        Index("ix_event_history_missing", "id", postgresql_where=sql("kind = 'history_missing'")),
        Index("ix_event_conversation_id_id", "conversation_id", "id"),
        Index(
            "ix_event_of_text",
            "conversation_id",
            sql("(data->>'message_id')"),
            postgresql_where=sql("kind IN ('message_added', 'text_scheduled', 'opened_nothing')"),
        ),
        Index(
            "ix_event_sends_again",
            "conversation_id",
            postgresql_where=sql("(data->>'sends_again') IS NOT NULL"),
        ),
        Index(
            "ix_event_command_key",
            "conversation_id",
            "command_key",
            postgresql_where=sql("command_key IS NOT NULL"),
        ),
        {"postgresql_partition_by": "RANGE (at)"},
    )
