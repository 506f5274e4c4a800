"""What records are sorted by, and the places in such a list."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import InstrumentedAttribute

from database.queries.records.filters import RecordFilters
from database.queries.visibility import Viewer
from database.tables import ConversationRecord


class Sort(StrEnum):
    """What records are sorted by. Those without it come last, by their opening."""

    opened = "opened"
    closed = "closed"
    last_message = "last_message"
    duration = "duration"
    first_response = "first_response"
    score = "score"

    @property
    def is_moment(self) -> bool:
        """Say whether it is a moment, and not a number."""
        return self in (Sort.opened, Sort.closed, Sort.last_message)

    @property
    def column(self) -> InstrumentedAttribute[Any]:
        """Return the column."""
        table = ConversationRecord
        return {
            Sort.opened: table.opened_at,
            Sort.closed: table.closed_at,
            Sort.last_message: table.last_message_at,
            Sort.duration: table.duration_seconds,
            Sort.first_response: table.first_response_seconds,
            Sort.score: table.survey_score,
        }[self]


@dataclass(frozen=True)
class Order:
    """The order of a list. `ascending`: the oldest, shortest or lowest first."""

    sort: Sort = Sort.opened
    ascending: bool = False


@dataclass(frozen=True)
class Place:
    """Where a page ends. `value`: of what is sorted by; None: where it is missing."""

    value: datetime | int | None
    opened_at: datetime
    id: UUID


@dataclass(frozen=True)
class Wanted:
    """Which records to list, and how."""

    viewer: Viewer
    filters: RecordFilters
    order: Order
    now: datetime
