"""What holds texts back: the budget of each line, and connectors that are out of order."""

from datetime import datetime

from sqlalchemy import Float, ForeignKey, Integer
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table


class LineLane(Table):
    """The budget of a line that is paced, shared by all workers: see `database.queries.lanes`."""

    __tablename__ = "line_lane"
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"), primary_key=True)
    taken_until: Mapped[datetime | None]
    """Replies and answers, and proactive texts that left, take up the line until then."""
    proactive_until: Mapped[datetime | None]
    """Proactive texts that wait are given times until then."""
    throttled_until: Mapped[datetime | None]
    """The provider takes no text of this line before then."""
    pause_seconds: Mapped[float] = mapped_column(Float, server_default=sql("0"))
    """How long the last pause was that the provider did not name itself."""
    paced_anew_at: Mapped[datetime | None]
    """Its pace was changed then; the texts that wait are being given other times, and woken."""
    wake_at: Mapped[datetime | None]
    """While a worker wakes them, when another one may take over."""


class ConnectorPause(Table):
    """A connector that its provider refuses as a whole. Its texts wait."""

    __tablename__ = "connector_pause"
    connector_id: Mapped[str] = mapped_column(ForeignKey("connector.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    paused_at: Mapped[datetime]
    try_at: Mapped[datetime]
    """From then on one text may try it."""
    tries: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    code: Mapped[str]
    sentence: Mapped[str]
    provider_code: Mapped[str | None]
    resumed_at: Mapped[datetime | None]
    """It works again, or an administrator says so; the texts that wait are being woken."""
    wake_at: Mapped[datetime | None]
    """While a worker wakes them, when another one may take over."""
