"""What people find conversations by: named views, and who has read how far."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, func
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now


class Reading(Table):
    """How far a person has read a conversation."""

    __tablename__ = "reading"
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    """The position of the last message they have seen; 0 for none."""
    marked_at: Mapped[datetime | None]
    """When they marked it as unread; null: they did not, or have looked again."""
    __table_args__ = (
        Index("ix_reading_marked", "agent_id", postgresql_where=sql("marked_at IS NOT NULL")),
        Index("ix_reading_conversation_id", "conversation_id"),
    )


class NamedView(Table):
    """Filters of a list of conversations under a name, a person's own or the account's."""

    __tablename__ = "named_view"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    """Whose it is; null: everybody's."""
    of_history: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether it is of all conversations there ever were, not of the workspace's list."""
    name: Mapped[str]
    filters: Mapped[dict[str, Any]]
    """`services.looking.views.ViewFilters`, or `services.history.views.Kept`."""
    created_at: Mapped[datetime] = created_now()


class ViewOrder(Table):
    """The order in which a person wants to see the named views. Others follow, oldest first."""

    __tablename__ = "view_order"
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    view_ids: Mapped[list[Any]]
