"""What processes tell each other about the installation as a whole."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table


class Measurement(Table):
    """Figures of the whole installation, which one process at a time counts for all."""

    __tablename__ = "measurement"
    kind: Mapped[str] = mapped_column(primary_key=True)
    """A word of `database.queries.measurements.Kind`."""
    begun_at: Mapped[datetime]
    """When a process began to count; the next one waits from then on."""
    measured_at: Mapped[datetime | None]
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class Telling(Table):
    """What a conversation's workflow was told and has not taken, so that one process tells it."""

    __tablename__ = "telling"
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    """A word of `database.queries.tellings.News`."""
    sequence: Mapped[int] = mapped_column(Integer)
    """The conversation's newest step when it was told: after a further one, it counts as new."""
    times: Mapped[int] = mapped_column(Integer)
    again_at: Mapped[datetime]
