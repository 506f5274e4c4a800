"""Why the router did what it did."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer, func
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table


class RoutingDecision(Table):
    """The reason why a conversation was routed somewhere, or still waits.

    Partitioned by its month: see `database.partitions`.
    """

    __tablename__ = "routing_decision"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    ticket: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str]
    """`domain.routing.kinds.DecisionKind`."""
    skill_id: Mapped[str | None]
    agent_id: Mapped[str | None]
    reason: Mapped[str]
    """One sentence for a person."""
    candidates: Mapped[list[Any]] = mapped_column(JSONB, server_default=sql("'[]'"))
    """For each candidate: id, name, load, capacity, whether chosen, and why or why not."""
    at: Mapped[datetime] = mapped_column(primary_key=True, server_default=func.now())
    __table_args__ = (
        Index("ix_routing_decision_conversation_id_id", "conversation_id", "id"),
        {"postgresql_partition_by": "RANGE (at)"},
    )
