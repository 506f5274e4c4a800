"""What accounts keep about consumers: fields of their own, merges, and panels beside them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now


class ConsumerField(Table):
    """A field an account keeps about its consumers. Its values are in `consumer.fields`."""

    __tablename__ = "consumer_field"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str]
    kind: Mapped[str]
    """`domain.consumers.kinds.FieldKind`; it never changes."""
    choices: Mapped[list[Any]] = mapped_column(JSONB, server_default=sql("'[]'"))
    seen_by: Mapped[str]
    """The lowest role that sees it."""
    edited_by: Mapped[str]
    is_required: Mapped[bool] = mapped_column(server_default=sql("false"))
    position: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    """Lower ones come first."""
    created_at: Mapped[datetime] = created_now()
    retired_at: Mapped[datetime | None]


class ConsumerMerge(Table):
    """A consumer found to be another one, until it is undone. It keeps what was known before."""

    __tablename__ = "consumer_merge"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    merged_id: Mapped[UUID] = mapped_column(ForeignKey("consumer.id"))
    kept_id: Mapped[UUID] = mapped_column(ForeignKey("consumer.id"))
    """The one it was merged with, who may be merged into a third one since."""
    profile: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The merged consumer's own `domain.consumers.profile.Profile`."""
    filled: Mapped[list[Any]] = mapped_column(JSONB)
    """The names of details that the kept one got from it."""
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    token_id: Mapped[str | None] = mapped_column(ForeignKey("api_token.id"))
    at: Mapped[datetime] = created_now()
    undone_at: Mapped[datetime | None]
    undone_agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    undone_token_id: Mapped[str | None] = mapped_column(ForeignKey("api_token.id"))
    __table_args__ = (
        Index(
            "uq_consumer_merge_merged",
            "merged_id",
            unique=True,
            postgresql_where=sql("undone_at IS NULL"),
        ),
        Index("ix_consumer_merge_kept_id", "kept_id"),
    )


class Panel(Table):
    """A page of another system, shown beside a conversation. `name`: its title."""

    __tablename__ = "panel"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str]
    template: Mapped[str]
    """Its address, with places such as `{number}`."""
    origin: Mapped[str]
    """Scheme and host of the address, as pages list them in their policy."""
    position: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    created_at: Mapped[datetime] = created_now()
    retired_at: Mapped[datetime | None]
