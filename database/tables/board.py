"""What managers do to many conversations at once, and what they are alerted to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now


class BulkJob(Table):
    """One action for many conversations, which goes on wherever a process stopped."""

    __tablename__ = "bulk_job"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"))
    """Who does it, with the rights they have while it is done."""
    token_id: Mapped[str | None] = mapped_column(ForeignKey("api_token.id"))
    """The program that acts for them."""
    kind: Mapped[str]
    """`domain.board.kinds.BulkKind`."""
    input: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """`services.supervising.inputs.BulkInput`."""
    status: Mapped[str]
    """`domain.board.kinds.BulkStatus`."""
    undoes: Mapped[UUID | None] = mapped_column(ForeignKey("bulk_job.id"), unique=True)
    """The job that this one takes back."""
    total: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = created_now()
    ended_at: Mapped[datetime | None]
    """After the status said so: first, what was under way is done with."""
    due_at: Mapped[datetime] = created_now()
    """When a process goes on with it, unless another one that works on it moves this on."""
    __table_args__ = (
        Index("ix_bulk_job_account_id", "account_id", "created_at", "id"),
        Index("ix_bulk_job_under_way", "due_at", postgresql_where=sql("ended_at IS NULL")),
    )


class BulkItem(Table):
    """One conversation of a job, and what became of it."""

    __tablename__ = "bulk_item"
    job_id: Mapped[UUID] = mapped_column(ForeignKey("bulk_job.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    state: Mapped[str] = mapped_column(server_default=sql("'waiting'"))
    """`domain.board.kinds.ItemState`."""
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """How it was before it was begun, as far as undoing needs it."""
    code: Mapped[str | None]
    sentence: Mapped[str | None]
    """Why it was refused."""
    begun_at: Mapped[datetime | None]
    """Since when it may have been done, until it is known. None: surely not, or not any more."""
    attempts: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    due_at: Mapped[datetime] = created_now()
    """When it is tried again."""
    done_at: Mapped[datetime | None]
    __table_args__ = (
        Index("uq_bulk_item_conversation", "job_id", "conversation_id", unique=True),
        Index("ix_bulk_item_state", "job_id", "state", "position"),
    )


class Alert(Table):
    """Something managers should know of while it lasts."""

    __tablename__ = "alert"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str]
    """`domain.board.kinds.AlertKind`."""
    subject_id: Mapped[str]
    """The id of its skill, connector or line."""
    began_at: Mapped[datetime] = created_now()
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_alert_present",
            *("account_id", "kind", "subject_id"),
            unique=True,
            postgresql_where=sql("ended_at IS NULL"),
        ),
        Index("ix_alert_account_id", "account_id", "id"),
    )
