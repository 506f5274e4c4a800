"""Labels of an account, and the conversations that bear them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now


class Label(Table):
    """A word of an account by which its people sort conversations."""

    __tablename__ = "label"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str]
    colour: Mapped[str]
    """`domain.settings.kinds.LabelColour`."""
    created_at: Mapped[datetime] = created_now()
    retired_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_label_name",
            "account_id",
            sql("lower(name)"),
            unique=True,
            postgresql_where=sql("retired_at IS NULL"),
        ),
    )


class ConversationLabel(Table):
    """A label on a conversation, open or closed. Its events tell who put it there."""

    __tablename__ = "conversation_label"
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    label_id: Mapped[str] = mapped_column(ForeignKey("label.id"), primary_key=True)
    added_at: Mapped[datetime] = created_now()
    __table_args__ = (Index("ix_conversation_label_label_id", "label_id", "conversation_id"),)
