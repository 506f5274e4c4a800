"""Exports: files of conversations, messages or figures that are made in parts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now

FILTERS = JSONB(none_as_null=True)


class Export(Table):
    """An export, how far it is, and where it goes on."""

    __tablename__ = "export"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str]
    """`domain.exporting.kinds.ExportKind`."""
    format: Mapped[str]
    filters: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """`services.history.filters.HistoryFilters`."""
    report: Mapped[dict[str, Any] | None] = mapped_column(FILTERS)
    """`services.exporting.inputs.ReportWanted`, of figures."""
    columns: Mapped[list[Any] | None] = mapped_column(FILTERS)
    """Chosen ones; null: all."""
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    """Who asked for it, or whom a program acted for."""
    token_id: Mapped[str | None] = mapped_column(ForeignKey("api_token.id"))
    schedule_id: Mapped[UUID | None] = mapped_column(ForeignKey("export_schedule.id"))
    due_at: Mapped[datetime | None]
    """Which run of its schedule it is."""
    since: Mapped[datetime | None]
    """Of a schedule: what it holds happened from then on. Null: whenever it happened."""
    until: Mapped[datetime | None]
    """What it holds happened before."""
    status: Mapped[str]
    failure: Mapped[str | None]
    """A sentence. Of one that is done: what it may lack."""
    rows: Mapped[int] = mapped_column(BigInteger, server_default=sql("0"))
    read: Mapped[int] = mapped_column(BigInteger, server_default=sql("0"))
    """Conversations that its rows are of, and those that have none."""
    about: Mapped[int | None] = mapped_column(BigInteger)
    """How many there were to read when it began; null: nobody had the time to count them."""
    size: Mapped[int] = mapped_column(BigInteger, server_default=sql("0"))
    """Bytes."""
    parts: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    place: Mapped[dict[str, Any] | None] = mapped_column(FILTERS)
    """After which rows the next part begins: `services.exporting.places.Place`."""
    created_at: Mapped[datetime] = created_now()
    looked_at: Mapped[datetime] = created_now()
    """When a worker last wrote a part, or was told to."""
    is_told: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Its schedule knows how it ended, and so does the endpoint."""
    ended_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    """Until when its file can be downloaded."""
    upload: Mapped[dict[str, Any] | None] = mapped_column(FILTERS)
    """How far it is on its way into a bucket: `services.exporting.delivering.Upload`."""
    __table_args__ = (
        Index("ix_export_account_id_created_at", "account_id", "created_at", "id"),
        Index(
            "uq_export_schedule_run",
            *("schedule_id", "due_at"),
            unique=True,
            postgresql_where=sql("schedule_id IS NOT NULL"),
        ),
        Index(
            "ix_export_under_way",
            *("account_id", "looked_at"),
            postgresql_where=sql("status IN ('waiting', 'running')"),
        ),
    )


class ExportPart(Table):
    """A part of an export's file. Its bytes are in the media store under `key`.

    The key is another at each attempt, so that one that comes late replaces nothing.
    """

    __tablename__ = "export_part"
    key: Mapped[str] = mapped_column(primary_key=True)
    export_id: Mapped[UUID] = mapped_column(ForeignKey("export.id"))
    number: Mapped[int | None] = mapped_column(Integer)
    """From 1; null: an attempt, which is none of the file."""
    size: Mapped[int | None] = mapped_column(Integer)
    __table_args__ = (UniqueConstraint("export_id", "number"),)


class ExportSchedule(Table):
    """An export that is made again and again, and where its file goes."""

    __tablename__ = "export_schedule"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str]
    kind: Mapped[str]
    format: Mapped[str]
    filters: Mapped[dict[str, Any]] = mapped_column(JSONB)
    split_by: Mapped[str]
    """Of figures: `domain.reporting.kinds.SplitBy`."""
    report: Mapped[dict[str, Any] | None] = mapped_column(FILTERS)
    """Of figures: `services.exporting.inputs.ReportLimits`; null: none."""
    columns: Mapped[list[Any] | None] = mapped_column(FILTERS)
    every: Mapped[str]
    """`domain.exporting.spans.Every`: also which days it is about, those just past."""
    hour: Mapped[int] = mapped_column(Integer)
    """By the account's clock."""
    endpoint_id: Mapped[str | None] = mapped_column(ForeignKey("endpoint.id"))
    bucket_id: Mapped[UUID | None] = mapped_column(ForeignKey("export_bucket.id"))
    created_at: Mapped[datetime] = created_now()
    paused_at: Mapped[datetime | None]
    """Null: it is not paused."""
    retired_at: Mapped[datetime | None]
    ran_at: Mapped[datetime | None]
    reached_at: Mapped[datetime | None]
    """Where the span of the next file begins: where the last whole one that arrived ended.

    Until one has arrived, where the first began. Null: it never ran.
    """
    failure: Mapped[str | None]
    """Why its last run was in vain; null: it was not."""
    __table_args__ = (Index("ix_export_schedule_account_id", "account_id"),)


class ExportBucket(Table):
    """An S3 bucket of a customer's that files of scheduled exports are copied into."""

    __tablename__ = "export_bucket"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str]
    endpoint: Mapped[str | None]
    """The address of its service; null: Amazon's own."""
    region: Mapped[str]
    bucket: Mapped[str]
    prefix: Mapped[str]
    """What the names of its objects begin with."""
    key_id: Mapped[str]
    secret: Mapped[str]
    """Encrypted (`security.secrets.SecretBox`)."""
    created_at: Mapped[datetime] = created_now()
    retired_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_export_bucket_account_id", "account_id"),)
