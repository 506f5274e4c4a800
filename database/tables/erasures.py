"""Erasures of consumers, and what of them stays: opt-outs as keyed hashes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now


class Erasure(Table):
    """The erasure of everything about a consumer: who asked for it, and how far it is."""

    __tablename__ = "erasure"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    consumer_id: Mapped[UUID] = mapped_column(ForeignKey("consumer.id"))
    """The number that was asked for."""
    consumer_ids: Mapped[list[Any]] = mapped_column(JSONB)
    """All numbers that are erased."""
    numbers: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Keys and spellings of the numbers, by which the last of them is found; null once it is over.
    """
    reason: Mapped[str]
    status: Mapped[str]
    """`domain.erasure.kinds.ErasureStatus`."""
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    """What was erased: kinds to numbers."""
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    token_id: Mapped[str | None] = mapped_column(ForeignKey("api_token.id"))
    asked_at: Mapped[datetime] = created_now()
    detached_at: Mapped[datetime | None]
    """Since when the number is nobody's: a text from it is a new consumer's."""
    due_at: Mapped[datetime | None]
    """When its workflow is started again if nothing happened until then."""
    starts: Mapped[int] = mapped_column(server_default=sql("0"))
    """How often it was started again since something was done last."""
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_erasure_account_id", "account_id", "asked_at", "id"),
        Index(
            "uq_erasure_under_way",
            "consumer_id",
            unique=True,
            postgresql_where=sql("ended_at IS NULL"),
        ),
        Index("ix_erasure_due_at", "due_at", postgresql_where=sql("ended_at IS NULL")),
    )


class Suppression(Table):
    """An opt-out, or a block, of a number that was erased: see `database.erasing.suppression`."""

    __tablename__ = "suppression"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    number_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    """As in `Consent`, or `blocked`."""
    since: Mapped[datetime]
    key_mark: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The hash of nothing by the same key, by which the key is recognised; null: made before."""
