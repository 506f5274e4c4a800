"""What can be exported, in which form, and how an export stands."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from domain.conversation.kinds import EventKind

MOST_OF_PERSON = 3
"""Exports of one person or program that are made at a time. Ours: the rest wait for them anyway."""
MOST_OF_ACCOUNT = 10
KEPT = timedelta(days=7)
"""For how long a file can be downloaded. Ours: it holds personal data, and is made again easily."""

NAMES_SOMEBODY = frozenset({"number", "number_part", "name", "field", "q", "consumer"})
"""Filters of conversations that may name a consumer, or hold their words."""


class ExportKind(StrEnum):
    """What is exported."""

    conversations = "conversations"
    messages = "messages"
    survey_answers = "survey_answers"
    events = "events"
    figures = "figures"


class ExportFormat(StrEnum):
    """CSV for spreadsheets, JSON Lines for programs."""

    csv = "csv"
    jsonl = "jsonl"

    @property
    def content_type(self) -> str:
        """Return the type of such a file."""
        return "text/csv; charset=utf-8" if self is ExportFormat.csv else "application/x-ndjson"


class ExportStatus(StrEnum):
    """How an export stands."""

    waiting = "waiting"
    running = "running"
    done = "done"
    failed = "failed"
    cancelled = "cancelled"
    expired = "expired"
    """Its file was deleted."""


TAKEN_BACK = "Something was erased. Export again without it."
NAMED_ERASED = "Somebody whom this names was erased. Check its filters before it goes on."
"""What a schedule says that an erasure has paused."""
ENDPOINT_RETIRED = "The endpoint that is told is retired. Choose another one, or none."
ENDPOINT_DEAF = "The endpoint that is told does not get events of the kind export_ready any more."
TELLS_NOBODY = frozenset({ENDPOINT_RETIRED, ENDPOINT_DEAF})
"""What a schedule says whose files nobody is told of."""


def why_deaf(kinds: Collection[str] | None, *, is_retired: bool) -> str | None:
    """Return why an endpoint hears of no file; None: it does. `kinds`: it gets; None: all."""
    if is_retired:
        return ENDPOINT_RETIRED
    return None if kinds is None or EventKind.export_ready in kinds else ENDPOINT_DEAF


def without_names(filters: Mapping[str, Any]) -> dict[str, Any]:
    """Return filters without those that may name a consumer."""
    return {name: value for name, value in filters.items() if name not in NAMES_SOMEBODY}


UNDER_WAY = frozenset({ExportStatus.waiting, ExportStatus.running})
