"""The columns that a page of all conversations can show, and what each is sorted by."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from database.queries.records.places import Sort


class Column(StrEnum):
    """A column."""

    opened = "opened"
    closed = "closed"
    last_message = "last_message"
    consumer = "consumer"
    status = "status"
    skill = "skill"
    agent = "agent"
    took_part = "took_part"
    line = "line"
    origin = "origin"
    first = "first"
    opened_by = "opened_by"
    close_reason = "close_reason"
    closing_reason = "closing_reason"
    labels = "labels"
    priority = "priority"
    language = "language"
    duration = "duration"
    first_response = "first_response"
    response = "response"
    score = "score"
    nps = "nps"
    resolved = "resolved"
    texts_in = "texts_in"
    texts_out = "texts_out"
    messages = "messages"
    last_text = "last_text"


@dataclass(frozen=True)
class ShownColumn:
    """A column with its name. `is_usual`: shown unless somebody chose others."""

    column: Column
    name: str
    sort: Sort | None = None
    is_usual: bool = False


COLUMNS: Sequence[ShownColumn] = (
    ShownColumn(Column.opened, "Opened", Sort.opened, is_usual=True),
    ShownColumn(Column.consumer, "Consumer", is_usual=True),
    ShownColumn(Column.last_text, "Last text", is_usual=True),
    ShownColumn(Column.status, "Status", is_usual=True),
    ShownColumn(Column.skill, "Skill", is_usual=True),
    ShownColumn(Column.agent, "Agent", is_usual=True),
    ShownColumn(Column.last_message, "Last message", Sort.last_message),
    ShownColumn(Column.closed, "Closed", Sort.closed),
    ShownColumn(Column.duration, "Duration", Sort.duration, is_usual=True),
    ShownColumn(Column.first_response, "First response", Sort.first_response),
    ShownColumn(Column.response, "Answered"),
    ShownColumn(Column.score, "Rating", Sort.score, is_usual=True),
    ShownColumn(Column.nps, "NPS"),
    ShownColumn(Column.resolved, "Resolved"),
    ShownColumn(Column.labels, "Labels"),
    ShownColumn(Column.priority, "Priority"),
    ShownColumn(Column.closing_reason, "Closing reason"),
    ShownColumn(Column.close_reason, "Closed by"),
    ShownColumn(Column.line, "Line"),
    ShownColumn(Column.origin, "Origin"),
    ShownColumn(Column.first, "First conversation"),
    ShownColumn(Column.opened_by, "Opened by"),
    ShownColumn(Column.took_part, "Took part"),
    ShownColumn(Column.language, "Language"),
    ShownColumn(Column.texts_in, "Texts in"),
    ShownColumn(Column.texts_out, "Texts out"),
    ShownColumn(Column.messages, "Messages"),
)
