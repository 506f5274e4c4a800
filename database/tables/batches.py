"""Batches: one notification to many consumers, and what became of each row that was given."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now


class Batch(Table):
    """One notification to many consumers: what is sent, how, and how far it has got."""

    __tablename__ = "batch"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"))
    skill_id: Mapped[str] = mapped_column(ForeignKey("skill.id"))
    """Where replies go."""
    title: Mapped[str]
    text: Mapped[str]
    """A template, whose placeholders are columns of the recipients."""
    look_back_seconds: Mapped[int] = mapped_column(Integer)
    context: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    """`domain.origins.origin.Context`."""
    send_from: Mapped[datetime | None]
    """Nothing is sent before; null: it begins when it is started."""
    window_from: Mapped[time | None]
    window_until: Mapped[time | None]
    """Hours of its own, by the recipient's local time; null: those of place and account."""
    consent_evidence: Mapped[str | None]
    """Where the consent of all recipients came from; a recipient's own evidence comes first."""
    consent_column: Mapped[str | None]
    """The column that names where a recipient's consent came from."""
    adds_how_to_stop: Mapped[bool] = mapped_column(server_default=sql("false"))
    status: Mapped[str]
    """`domain.batches.kinds.BatchStatus`."""
    stopped_because: Mapped[str | None]
    """`domain.batches.kinds.Stopped`, if it was paused by what happened and not by a person."""
    recipients: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    token_id: Mapped[str | None] = mapped_column(ForeignKey("api_token.id"))
    """Who made it: a person, a program, or a program for a person."""
    created_at: Mapped[datetime] = created_now()
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    """While it runs: when a worker looks at it at the latest. After that its workflow is woken.
    Afterwards: about when it was paused or ended.
    """
    maybe_sent_since: Mapped[datetime | None]
    """Set after a restore (`database.restored`): texts may have left that no row knows of."""
    __table_args__ = (
        Index("ix_batch_account_id", "account_id", "created_at", "id"),
        Index("ix_batch_running", "due_at", postgresql_where=sql("status = 'running'")),
    )


class BatchUpload(Table):
    """A file, or a list of a request, with recipients of a batch."""

    __tablename__ = "batch_upload"
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    """Of the upload within its batch, from 1."""
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of what was uploaded, so that the same file is recognised."""
    name: Mapped[str]
    encoding: Mapped[str]
    good: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    bad: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    """Rows that were left out, by reason: `domain.batches.kinds.BadRow` to a number."""
    read_until: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    """The last line that was read."""
    is_whole: Mapped[bool] = mapped_column(server_default=sql("false"))
    uploaded_at: Mapped[datetime] = created_now()


class BatchBadRow(Table):
    """A row of an upload that makes no recipient."""

    __tablename__ = "batch_bad_row"
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    place: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    """See `BatchRecipient.place`."""
    reason: Mapped[str]
    """`domain.batches.kinds.BadRow`."""
    detail: Mapped[str]
    """Such as the column that is empty; never a number or a text."""


class BatchRecipient(Table):
    """A consumer who gets a batch's text, and how far that has got."""

    __tablename__ = "batch_recipient"
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    place: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    """The upload's number times 100,000,000, plus the line: see `domain.batches.places`."""
    phone: Mapped[str]
    number: Mapped[str]
    text: Mapped[str]
    """Filled for this recipient."""
    segments: Mapped[int] = mapped_column(Integer)
    first_segments: Mapped[int | None] = mapped_column(Integer)
    """If it is the first text to this consumer, which is completed; null: it would be refused."""
    forced_by: Mapped[str]
    """Characters that GSM-7 lacks; empty: it has none."""
    zone: Mapped[str]
    """The same for all numbers with the same quiet hours: `domain.batches.zones`."""
    evidence: Mapped[str | None]
    status: Mapped[str]
    """`waiting`: no text is written. `queued`: a text waits to leave. `under_way`: it has left, or
    has failed on its way; the message says which. `left_out`: no text is sent.
    """
    left_out: Mapped[str | None]
    """`domain.batches.kinds.LeftOut`."""
    not_before: Mapped[datetime] = mapped_column(server_default=sql("'epoch'"))
    """Quiet hours hold it until then."""
    consumer_id: Mapped[UUID | None]
    message_id: Mapped[UUID | None]
    __table_args__ = (
        UniqueConstraint("batch_id", "phone"),
        Index(
            "ix_batch_recipient_waiting",
            "batch_id",
            "not_before",
            "place",
            postgresql_where=sql("status = 'waiting'"),
        ),
        Index(
            "ix_batch_recipient_queued",
            "batch_id",
            "message_id",
            postgresql_where=sql("status = 'queued'"),
        ),
        Index("ix_batch_recipient_kept", "batch_id", postgresql_where=sql("number <> ''")),
        Index(
            "ix_batch_recipient_message_id",
            "message_id",
            postgresql_where=sql("message_id IS NOT NULL"),
        ),
    )
