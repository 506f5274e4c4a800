"""Exports, and what makes them again and again."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from api.schemas.shared import Answer, example
from database.tables import Export, ExportSchedule
from domain.exporting.kinds import ExportFormat, ExportKind, ExportStatus
from domain.exporting.spans import Every
from domain.reporting.kinds import SplitBy
from services.caller import Caller
from services.exporting.inputs import filters_shown


class _Filtered(Answer):
    """What has filters, which may name consumers: tokens that read no conversations see dots."""

    filters: dict[str, Any]

    @classmethod
    def shown(cls, caller: Caller, row: Export | ExportSchedule) -> Self:
        shown = cls.model_validate(row)
        return shown.model_copy(update={"filters": filters_shown(caller, shown.filters)})


class ExportOut(_Filtered):
    """An export. `rows`: written so far. `read` of `about` so many conversations; null: unknown.

    `failure`: a sentence. `size`: bytes. Its file can be downloaded until `expires_at`. `since`,
    `until`: of a schedule, it holds what happened from the one until just before the other.
    """

    model_config = example(
        id="0b9f6c1e-58f5-4c0e-9c2b-3f0a5e0a1d77",
        kind="figures",
        format="csv",
        filters={},
        report={"first": "2026-11-01", "last": "2026-11-30", "by": "day"},
        columns=["key", "handled"],
        status="failed",
        failure="Whoever asked for this export may not make it any more.",
        rows=30,
        read=310,
        about=310,
        size=182044,
        agent_id="acme-mia",
        token_id="acme-crm",  # noqa: S106 - an id
        schedule_id="6f1c0a52-8a53-4b61-9c43-0b1f1e6f3c11",
        since="2026-11-24T23:00:00Z",
        until="2026-11-25T23:00:00Z",
        created_at="2026-11-26T10:10:00Z",
        ended_at="2026-11-26T10:10:04Z",
        expires_at="2026-12-03T10:10:04Z",
    )

    id: UUID
    kind: ExportKind
    format: ExportFormat
    filters: dict[str, Any]
    report: dict[str, Any] | None
    columns: list[str] | None
    status: ExportStatus
    failure: str | None
    rows: int
    read: int
    about: int | None
    size: int
    agent_id: str | None
    token_id: str | None
    schedule_id: UUID | None
    since: datetime | None
    until: datetime | None
    created_at: datetime
    ended_at: datetime | None
    expires_at: datetime | None


class ExportScheduleOut(_Filtered):
    """An export that is made again and again. `failure`: why its last run was in vain.

    `reached_at`: where the next file begins; null: it never ran.
    """

    model_config = example(
        id="0b9f6c1e-58f5-4c0e-9c2b-3f0a5e0a1d77",
        name="Support by day",
        kind="figures",
        format="csv",
        filters={},
        split_by="day",
        report={"skill": "acme-support", "figures": ["handled"]},
        columns=["key", "name", "handled"],
        every="day",
        hour=5,
        endpoint_id="acme-warehouse",
        bucket_id="6f1c0a52-8a53-4b61-9c43-0b1f1e6f3c11",
        created_at="2026-11-26T10:10:00Z",
        paused_at="2026-11-27T09:00:00Z",
        ran_at="2026-11-27T05:00:08Z",
        reached_at="2026-11-26T23:00:00Z",
        failure="These filters take too long. Add a time.",
    )

    id: UUID
    name: str
    kind: ExportKind
    format: ExportFormat
    filters: dict[str, Any]
    split_by: SplitBy
    report: dict[str, Any] | None
    columns: list[str] | None
    every: Every
    hour: int
    endpoint_id: str | None
    bucket_id: UUID | None
    created_at: datetime
    paused_at: datetime | None
    ran_at: datetime | None
    reached_at: datetime | None
    failure: str | None


class ExportBucketOut(Answer):
    """A bucket that scheduled exports go into. Its secret is never shown."""

    model_config = example(
        id="6f1c0a52-8a53-4b61-9c43-0b1f1e6f3c11",
        name="Data lake",
        endpoint="https://objects.example.com",
        region="eu-central-1",
        bucket="acme-data-lake",
        prefix="switchboard/",
        key_id="AKIAIOSFODNN7EXAMPLE",
        created_at="2026-11-26T10:10:00Z",
    )

    id: UUID
    name: str
    endpoint: str | None
    region: str
    bucket: str
    prefix: str
    key_id: str
    created_at: datetime


class BucketTriedOut(Answer):
    """Whether a file could be written into a bucket. `sentence`: what is wrong, if not."""

    model_config = example(is_good=False, sentence="There is no bucket with this name.")

    is_good: bool
    sentence: str
