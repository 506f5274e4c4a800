"""What people write in conversations: drafts, and saved replies."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, Text, func
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now


class Draft(Table):
    """What a person wrote in a conversation and has not sent. Only they read it."""

    __tablename__ = "draft"
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    surface: Mapped[str] = mapped_column(primary_key=True)
    """`domain.writing.drafts.Surface`."""
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    text: Mapped[str] = mapped_column(server_default="")
    pictures: Mapped[list[Any]] = mapped_column(JSONB, server_default=sql("'[]'"))
    """Ids of uploaded pictures, in order."""
    saved_reply_id: Mapped[UUID | None]
    """The saved reply it began with; it may be gone by now."""
    revision: Mapped[int] = mapped_column(BigInteger)
    """Counts changes. Whoever changes it names the revision they know, so late requests fail."""
    sent_keys: Mapped[str | None] = mapped_column("sent_key")
    """The keys of the last commands that sent what was written here, the newest first, a line each:
    every one empties the draft once.
    """
    updated_at: Mapped[datetime] = created_now()


class SavedReply(Table):
    """A text that is written once and sent often: the account's, or one person's own."""

    __tablename__ = "saved_reply"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    """Whose own it is; null: all of the account share it."""
    title: Mapped[str]
    name: Mapped[str]
    """The short name, which is typed behind a `/`."""
    texts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """By language."""
    actions: Mapped[list[Any]] = mapped_column(JSONB, server_default=sql("'[]'"))
    """`domain.writing.saved_replies.Action`, in order."""
    skill_ids: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=sql("'{}'"))
    """The skills it is for; empty: all."""
    folded: Mapped[str]
    """Title, short name and texts, folded for the search."""
    created_at: Mapped[datetime] = created_now()
    updated_at: Mapped[datetime] = created_now()
    __table_args__ = (
        Index(
            "uq_saved_reply_shared",
            "account_id",
            "name",
            unique=True,
            postgresql_where=sql("agent_id IS NULL"),
        ),
        Index(
            "uq_saved_reply_own",
            "agent_id",
            "name",
            unique=True,
            postgresql_where=sql("agent_id IS NOT NULL"),
        ),
        Index("ix_saved_reply_account_id_name", "account_id", "name", "id"),
    )


class SavedReplyUse(Table):
    """How often a person sent a saved reply."""

    __tablename__ = "saved_reply_use"
    saved_reply_id: Mapped[UUID] = mapped_column(
        ForeignKey("saved_reply.id", ondelete="CASCADE"), primary_key=True
    )
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    uses: Mapped[int] = mapped_column(Integer)
    last_used_at: Mapped[datetime] = created_now()
