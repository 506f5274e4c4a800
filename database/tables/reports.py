"""What figures are made of: facts of conversations and of agents' states, and their sums."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer, Numeric
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now


class ReportFact(Table):
    """One thing that figures count or measure: `domain.reporting.facts.Fact`.

    Made from a conversation's events, or from something else that `made_from` names. It holds no
    text and no number, and stays when these are erased.
    """

    __tablename__ = "report_fact"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    conversation_id: Mapped[UUID | None]
    made_from: Mapped[str | None]
    """Null: from the conversation's events. `state/<id>`: a time of an agent in a state;
    `text/<id>`: a text without a conversation; `consent/<id>`: an entry of the ledger of consent,
    and the conversation is the one that its consumer had; `load/<agent>/<hour>`: see `LoadHour`."""
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
        # Who handled a conversation after somebody else, and who did before.
        Index(
            "ix_report_fact_handled_again",
            *("account_id", "at"),
            postgresql_where=sql("kind = 'handled' AND is_of_agent"),
        ),
        Index(
            "ix_report_fact_handled",
            "conversation_id",
            postgresql_include=["agent_id", "at", "is_of_agent", "skill_id"],
            postgresql_where=sql("kind = 'handled'"),
        ),
        Index(
            "ix_report_fact_made_from",
            "made_from",
            postgresql_where=sql("made_from IS NOT NULL"),
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
    steps: Mapped[Decimal | None] = mapped_column(Numeric)
    """How many are in each step of `domain.reporting.spread`, as `database.queries.reports.steps`
    has it."""
    spread: Mapped[list[list[int]] | None] = mapped_column(ARRAY(Integer, dimensions=2))
    """Pairs: a step, and how many are in it. Of consumers, whose steps are days, and of sums that
    were made before there was `steps`."""
    worked: Mapped[int | None] = mapped_column(BigInteger)
    worked_most: Mapped[int | None] = mapped_column(Integer)
    worked_steps: Mapped[Decimal | None] = mapped_column(Numeric)
    worked_spread: Mapped[list[list[int]] | None] = mapped_column(ARRAY(Integer, dimensions=2))
    """Only of sums that were made before there was `worked_steps`."""


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
    form: Mapped[int | None]
    """`database.queries.reports.kept.FORM` of when it was summed; None: it was the first one."""


class ReportReading(Table):
    """How an account's facts were made. Whoever locks the row makes all of them anew."""

    __tablename__ = "report_reading"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    time_zone: Mapped[str]
    """Whose hours and days cut them."""
    looked_at: Mapped[datetime | None]
    """The minute in which its agents' load was looked at last."""
    is_recounting: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether they are being made anew: `RecordReading` has how far."""


class ConsumerDay(Table):
    """A day on which a consumer was active, by the account's clock.

    With the day before it, days and months of an account add up to consumers who each count once:
    in a span they count on the first of their days, which is the one whose `before` lies outside.
    """

    __tablename__ = "consumer_day"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    consumer_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    before: Mapped[date | None]
    """The last day before on which they were; null: there was none."""
    __table_args__ = (Index("ix_consumer_day_day", "account_id", "day", "before"),)


class ConsentDue(Table):
    """An entry of the ledger of consent that is to be counted: a trigger writes it."""

    __tablename__ = "consent_due"
    consent_event_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))


class LoadHour(Table):
    """What online agents held in an hour, looked at each minute: nothing else remembers it."""

    __tablename__ = "load_hour"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    agent_id: Mapped[str] = mapped_column(primary_key=True)
    """Empty: all together."""
    looks: Mapped[int] = mapped_column(Integer)
    held: Mapped[int] = mapped_column(Integer)
    """Weights of conversations in hundredths, added up."""
    limit: Mapped[int] = mapped_column("most_held", Integer)
    """What they might have held at most, the same way."""
    most: Mapped[int] = mapped_column(Integer)
    least: Mapped[int] = mapped_column(Integer)
    """The fullest and the emptiest look, in thousandths of that."""


class HoursVersion(Table):
    """Working hours as they were set from a moment on: what was working time stays so."""

    __tablename__ = "hours_version"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    skill_id: Mapped[str | None]
    since: Mapped[datetime] = created_now()
    calendar: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """Null: the skill follows the account."""
