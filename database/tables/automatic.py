"""Settings of automatic messages: texts, timers, and the closing survey."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table


class AutomaticMessage(Table):
    """A text set by the account, which replaces the built-in default.

    Its scope is a line, a skill, both, or the whole account; a text of the survey may be set for a
    connector instead of a skill.
    """

    __tablename__ = "automatic_message"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    line_id: Mapped[str | None] = mapped_column(ForeignKey("line.id"))
    skill_id: Mapped[str | None] = mapped_column(ForeignKey("skill.id"))
    connector_id: Mapped[str | None] = mapped_column(ForeignKey("connector.id"))
    language: Mapped[str]
    event: Mapped[str]
    text: Mapped[str]
    enabled: Mapped[bool] = mapped_column(server_default=sql("true"))
    __table_args__ = (
        UniqueConstraint(
            "account_id",
            "line_id",
            "skill_id",
            "connector_id",
            "language",
            "event",
            name="uq_automatic_message_scope",
            postgresql_nulls_not_distinct=True,
        ),
    )


class AutomaticTimer(Table):
    """The timer of an automatic message, in every language; replaces the built-in timer."""

    __tablename__ = "automatic_timer"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    line_id: Mapped[str | None] = mapped_column(ForeignKey("line.id"))
    skill_id: Mapped[str | None] = mapped_column(ForeignKey("skill.id"))
    event: Mapped[str]
    """One of `domain.automatic.catalogue.TIMED`."""
    delay_seconds: Mapped[int]
    repeats: Mapped[int] = mapped_column(server_default=sql("1"))
    """The number of times it is sent in one silence or wait."""
    __table_args__ = (
        UniqueConstraint(
            "account_id", "line_id", "skill_id", "event", postgresql_nulls_not_distinct=True
        ),
    )


class Survey(Table):
    """A complete closing survey, set for a line, a connector, or the whole account."""

    __tablename__ = "survey"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    connector_id: Mapped[str | None] = mapped_column(ForeignKey("connector.id"))
    line_id: Mapped[str | None] = mapped_column(ForeignKey("line.id"))
    definition: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """`SurveyDesign` as JSON; missing fields have their defaults."""
    __table_args__ = (
        UniqueConstraint(
            "account_id", "connector_id", "line_id", postgresql_nulls_not_distinct=True
        ),
    )
