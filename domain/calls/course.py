"""The course of a call, from reports that may come late, twice or in any order."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.calls.kinds import CallOutcome

LATE_CHOICE = timedelta(seconds=15)
"""How long after the end of a call a key press may still come in: providers post without order, and
try again for 15 s. Ours: until then no text for a missed call is decided.
"""
ONCE_WITHIN = timedelta(days=1)
"""A number gets one text for missed calls within this time."""

MOST_WITHIN = 5
"""Texts for calls that a number gets within that time if they are asked for. Ours: who calls can
pretend to have another's number.
"""
TOO_LATE = timedelta(days=1)
"""After the end of a call: a text that could not leave until then does not. Ours."""


class Ending(StrEnum):
    """How a provider says that a call ended."""

    completed = "completed"
    """It was taken, by the menu at least."""
    not_taken = "not_taken"
    """Busy, failed, cancelled, or without an answer."""


@dataclass(frozen=True)
class Course:
    """What is known of a call. `connected_at`: when somebody took it."""

    ending: Ending | None = None
    asked_at: datetime | None = None
    connected_at: datetime | None = None
    passed_on_at: datetime | None = None

    @property
    def outcome(self) -> CallOutcome:
        """How the call went, the strongest fact first."""
        if self.asked_at:
            return CallOutcome.asked
        if self.connected_at:
            return CallOutcome.answered
        if self.passed_on_at:
            return CallOutcome.passed_on
        match self.ending:
            case Ending.completed:
                return CallOutcome.abandoned
            case Ending.not_taken:
                return CallOutcome.missed
            case None:
                return CallOutcome.under_way

    @property
    def was_missed(self) -> bool:
        """Say whether the call ended and nobody spoke to the caller."""
        return self.ending is not None and self.outcome in (
            CallOutcome.abandoned,
            CallOutcome.missed,
        )
