"""What figures are made of: facts of conversations and of agents' states, and their sums."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now


class ReportFact(Table):
    """One thing that figures count or measure: `domain.reporting.facts.Fact`.

    Made from a conversation's events, or from a time that an agent was in a state. It holds no
    text and no number, and stays when these are erased.
    """

    __tablename__ = "report_fact"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    conversation_id: Mapped[UUID | None]
    state_period_id: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str]
    at: Mapped[datetime]
    skill_id: Mapped[str | None]
    agent_id: Mapped[str | None]
    line_id: Mapped[str | None]
    source: Mapped[str | None]
    """How its conversation began: `domain.reporting.sources.source_of`."""
    detail: Mapped[str] = mapped_column(server_default=sql("''"))
    times: Mapped[int] = mapped_column(Integer, server_default=sql("1"))
    value: Mapped[int | None] = mapped_column(Integer)
    worked: Mapped[int | None] = mapped_column(Integer)
    is_of_agent: Mapped[bool] = mapped_column(server_default=sql("false"))
    __table_args__ = (
        Index("ix_report_fact_account_id_kind_at", "account_id", "kind", "at"),
        Index("ix_report_fact_conversation_id", "conversation_id"),
        Index(
            "ix_report_fact_state_period_id",
            "state_period_id",
            postgresql_where=sql("state_period_id IS NOT NULL"),
        ),
    )


class ReportSum(Table):
    """Facts of one kind and detail, summed over a span of time and by one or two dimensions."""

    __tablename__ = "report_sum"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    span: Mapped[str] = mapped_column(primary_key=True)
    """`domain.reporting.kinds.Span`."""
    dimension: Mapped[str] = mapped_column(primary_key=True)
    """`database.queries.reports.kept.name_of`."""
    begins_at: Mapped[datetime] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    """The id of the skill, agent and so on; empty for the account."""
    also: Mapped[str] = mapped_column(primary_key=True, server_default=sql("''"))
    """The same of a second dimension, of sums by two together."""
    kind: Mapped[str] = mapped_column(primary_key=True)
    detail: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[int | None] = mapped_column(BigInteger)
    most: Mapped[int | None] = mapped_column(Integer)
    spread: Mapped[list[list[int]] | None] = mapped_column(ARRAY(Integer, dimensions=2))
    """Pairs: a step of `domain.reporting.spread`, and how many are in it."""
    worked: Mapped[int | None] = mapped_column(BigInteger)
    worked_most: Mapped[int | None] = mapped_column(Integer)
    worked_spread: Mapped[list[list[int]] | None] = mapped_column(ARRAY(Integer, dimensions=2))


class StaleDay(Table):
    """A day whose facts changed since they were summed."""

    __tablename__ = "stale_day"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    """By the account's clock."""
    times: Mapped[int] = mapped_column(Integer, server_default=sql("1"))


class SummedMonth(Table):
    """A month that is over and whose days are summed together."""

    __tablename__ = "summed_month"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    """Its first day."""


class ReportReading(Table):
    """How an account's facts were made. Whoever locks the row makes all of them anew."""

    __tablename__ = "report_reading"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    time_zone: Mapped[str]
    """Whose hours and days cut them."""
    is_recounting: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether they are being made anew: `RecordReading` has how far."""


class HoursVersion(Table):
    """Working hours as they were set from a moment on: what was working time stays so."""

    __tablename__ = "hours_version"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    skill_id: Mapped[str | None]
    since: Mapped[datetime] = created_now()
    calendar: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """Null: the skill follows the account."""
