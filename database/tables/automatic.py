"""What the system says by itself: texts, when time sends them, and the closing survey."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table


class AutomaticMessage(Table):
    """A text set by the account; where none is set the built-in default holds.

    For a line, for a skill, or for all; texts of the survey for a connector instead of a skill.
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
    """When time sends an automatic message, in every language; else the built-in times hold."""

    __tablename__ = "automatic_timer"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    line_id: Mapped[str | None] = mapped_column(ForeignKey("line.id"))
    skill_id: Mapped[str | None] = mapped_column(ForeignKey("skill.id"))
    event: Mapped[str]
    """One of `domain.automatic.catalogue.TIMED`."""
    delay_seconds: Mapped[int]
    repeats: Mapped[int] = mapped_column(server_default=sql("1"))
    """How often it is sent in one silence or wait."""
    __table_args__ = (
        UniqueConstraint(
            "account_id", "line_id", "skill_id", "event", postgresql_nulls_not_distinct=True
        ),
    )


class Survey(Table):
    """How the closing survey runs: for a line, for a connector, or for all; each one whole."""

    __tablename__ = "survey"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    connector_id: Mapped[str | None] = mapped_column(ForeignKey("connector.id"))
    line_id: Mapped[str | None] = mapped_column(ForeignKey("line.id"))
    definition: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """`SurveyDesign` as JSON; what it leaves out has the default."""
    __table_args__ = (
        UniqueConstraint(
            "account_id", "connector_id", "line_id", postgresql_nulls_not_distinct=True
        ),
    )
