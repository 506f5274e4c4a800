"""Records of conversations: a read model that finds any of them, however many there are."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now

NONE = sql("'{}'")
LAST = ("opened_at", "conversation_id")
"""What orders records that are equal otherwise."""
SORTED_IN_SOON: dict[str, Any] = {
    "postgresql_using": "gin",
    "postgresql_with": {"gin_pending_list_limit": 512},
}
"""A short list of what is yet to be sorted in: each search reads it from end to end."""


def _sorted_by(column: str, *, name: str) -> Index:
    return Index(f"ix_conversation_record_{name}", "account_id", column, *LAST)


class ConversationRecord(Table):
    """What one conversation is found by, made from its rows by `reporting.records`.

    Partitioned by the month of its opening: see `database.partitions`.
    """

    __tablename__ = "conversation_record"
    opened_at: Mapped[datetime] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[str]
    line_id: Mapped[str]
    consumer_id: Mapped[UUID]
    status: Mapped[str]
    skill_id: Mapped[str | None]
    agent_id: Mapped[str | None]
    """The assigned agent, or the last one."""
    opened_by: Mapped[str]
    """`consumer` or an agent's id."""
    origin: Mapped[str]
    origin_id: Mapped[str | None]
    priority: Mapped[str]
    language: Mapped[str | None]
    is_first: Mapped[bool | None]
    """Whether it is the consumer's first of all, on whatever line."""
    closed_at: Mapped[datetime | None]
    close_reason: Mapped[str | None]
    closing_reason_id: Mapped[str | None]
    last_message_at: Mapped[datetime]
    """Of its last message; without any, of its opening."""
    duration_seconds: Mapped[int | None] = mapped_column(Integer)
    """From the opening to the close; null while it is open."""
    first_response_seconds: Mapped[int | None] = mapped_column(Integer)
    """From the consumer's first text to the first of an agent after it, by the clock."""
    waiting_since: Mapped[datetime | None]
    response_due_at: Mapped[datetime | None]
    is_late: Mapped[bool | None]
    """Whether an agent answered after the deadline, once at least; null: none answered by one."""
    survey_outcome: Mapped[str | None]
    survey_score: Mapped[int | None] = mapped_column(Integer)
    survey_satisfied: Mapped[bool | None]
    survey_scale: Mapped[str | None]
    survey_agent_id: Mapped[str | None]
    texts_in: Mapped[int] = mapped_column(Integer)
    """The consumer's."""
    texts_out: Mapped[int] = mapped_column(Integer)
    """Of agents."""
    message_count: Mapped[int] = mapped_column(Integer)
    """All of its transcript, automatic ones, a bot's and notes as well."""
    label_ids: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NONE)
    took_part: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NONE)
    """The agents who had it or joined it."""
    skill_ids: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NONE)
    """The skills it was in."""
    facets: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NONE, deferred=True)
    """All of the above that is one of few values: see `database.queries.records.facets`."""
    words: Mapped[str | None] = mapped_column(TSVECTOR, deferred=True)
    """Of its transcript, with their places: see `database.queries.records.words`."""
    __table_args__ = (
        Index("ix_conversation_record_opened", "account_id", *LAST),
        _sorted_by("closed_at", name="closed"),
        _sorted_by("last_message_at", name="last_message"),
        _sorted_by("duration_seconds", name="duration"),
        _sorted_by("first_response_seconds", name="first_response"),
        _sorted_by("survey_score", name="score"),
        Index("ix_conversation_record_consumer", "consumer_id", *LAST),
        # One for both: PostgreSQL does not see when few have a word and a facet that many have.
        Index("ix_conversation_record_found", "facets", "words", **SORTED_IN_SOON),
        {"postgresql_partition_by": "RANGE (opened_at)"},
    )


class RecordReading(Table):
    """How far an account's events are in its records. Whoever locks the row reads on."""

    __tablename__ = "record_reading"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    last_event_id: Mapped[int] = mapped_column(BigInteger)
    recount_opened_at: Mapped[datetime | None]
    """How far all of them are being made anew; null: they are not."""
    recount_id: Mapped[UUID | None]


class UnreadEvent(Table):
    """An event that could not be read into records and figures: set aside, and tried again."""

    __tablename__ = "unread_event"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    event_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    conversation_id: Mapped[UUID | None]
    """What else happens to it is read with this event."""
    error: Mapped[str]
    """Its kind, without words."""
    tries: Mapped[int] = mapped_column(Integer, server_default=sql("1"))
    began_at: Mapped[datetime] = created_now()
    try_at: Mapped[datetime | None]
    """Null: not before a worker starts anew, or all is counted again."""
