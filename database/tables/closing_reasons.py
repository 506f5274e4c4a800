"""Closing reasons: what people give when they close a conversation."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now


class ClosingReason(Table):
    """A reason for closing, such as Solved. Without skills of its own it is for all of them."""

    __tablename__ = "closing_reason"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str]
    created_at: Mapped[datetime] = created_now()
    retired_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_closing_reason_name",
            "account_id",
            sql("lower(name)"),
            unique=True,
            postgresql_where=sql("retired_at IS NULL"),
        ),
    )


class ClosingReasonSkill(Table):
    """A skill whose conversations are closed with a reason that is not for all skills."""

    __tablename__ = "closing_reason_skill"
    closing_reason_id: Mapped[str] = mapped_column(
        ForeignKey("closing_reason.id"), primary_key=True
    )
    skill_id: Mapped[str] = mapped_column(ForeignKey("skill.id"), primary_key=True, index=True)
