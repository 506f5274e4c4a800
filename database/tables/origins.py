"""What conversations may begin with: invitations and sources."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now


class Invitation(Table):
    """A text that waits for a reply within its look-back; a reply opens a conversation showing it.

    The text itself is a message without a conversation, with the same id.
    """

    __tablename__ = "invitation"
    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"))
    consumer_id: Mapped[UUID] = mapped_column(ForeignKey("consumer.id"))
    kind: Mapped[str]
    """`domain.origins.kinds.OriginKind`: `notification`, `call`, or a program's other kind."""
    origin_id: Mapped[str]
    """Of the notification, batch or call."""
    title: Mapped[str]
    """For people, such as the batch's name."""
    skill_id: Mapped[str] = mapped_column(ForeignKey("skill.id"))
    """Where a reply goes."""
    context: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    """`domain.origins.origin.Context`."""
    invited_at: Mapped[datetime] = created_now()
    look_back_seconds: Mapped[int]
    """How long after it left a reply belongs to it: 1 hour to 30 days."""
    answered_at: Mapped[datetime | None]
    conversation_id: Mapped[UUID | None]
    """The conversation that its reply opened, or in which the reply arrived."""
    __table_args__ = (
        Index("ix_invitation_thread", "line_id", "consumer_id", "invited_at"),
        Index("ix_invitation_origin", "account_id", "kind", "origin_id"),
    )


class Source(Table):
    """An ad, a poster or a page: whoever texts in answer to it goes to its skill."""

    __tablename__ = "source"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"))
    skill_id: Mapped[str] = mapped_column(ForeignKey("skill.id"), index=True)
    name: Mapped[str]
    keyword: Mapped[str | None]
    """Folded."""
    first_text: Mapped[str]
    """What its link writes for the consumer, with the keyword in front."""
    folded_text: Mapped[str]
    """The first text folded, for comparison."""
    created_at: Mapped[datetime] = created_now()
    retired_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_source_keyword",
            *("line_id", "keyword"),
            unique=True,
            postgresql_where=sql("retired_at IS NULL"),
        ),
        Index(
            "uq_source_text",
            *("line_id", "folded_text"),
            unique=True,
            postgresql_where=sql("retired_at IS NULL"),
        ),
    )
