"""Exports, and what makes them again and again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from api.schemas.shared import Answer
from domain.exporting.kinds import ExportFormat, ExportKind, ExportStatus
from domain.exporting.spans import Every
from domain.reporting.kinds import SplitBy


class ExportOut(Answer):
    """An export. `rows`: written so far. `read` of `about` so many conversations; null: unknown.

    `failure`: a sentence. `size`: bytes. Its file can be downloaded until `expires_at`.
    """

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
    created_at: datetime
    ended_at: datetime | None
    expires_at: datetime | None


class ExportScheduleOut(Answer):
    """An export that is made again and again. `failure`: why its last run was in vain."""

    id: UUID
    name: str
    kind: ExportKind
    format: ExportFormat
    filters: dict[str, Any]
    split_by: SplitBy
    columns: list[str] | None
    every: Every
    hour: int
    endpoint_id: str | None
    created_at: datetime
    ran_at: datetime | None
    failure: str | None
