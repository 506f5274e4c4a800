"""How far a batch has got, and when it will probably have ended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from domain.delivery.pacing import pace_of
from domain.numbers.kinds import LineKind

ENOUGH = 20
"""Texts that must have left before a rate is read from them. Ours: fewer say nothing."""
LONG = timedelta(minutes=10)
"""A text that waits for longer to leave is held by quiet hours. Ours: longer than a paused
connector makes it wait.
"""


class RecipientOutcome(StrEnum):
    """What became of a recipient. `held`: by quiet hours. `queued`: the text is about to leave."""

    waiting = "waiting"
    held = "held"
    queued = "queued"
    in_progress = "in_progress"
    sent = "sent"
    delivered = "delivered"
    failed = "failed"
    left_out = "left_out"


NOT_LEFT = (RecipientOutcome.waiting, RecipientOutcome.held, RecipientOutcome.queued)


@dataclass(frozen=True)
class Count:
    """Recipients with one outcome, for one reason. `until`: the latest time of a hold."""

    outcome: RecipientOutcome
    reason: str | None
    recipients: int
    segments: int
    answered: int
    until: datetime | None


@dataclass(frozen=True)
class Figures:
    """A batch in figures. `failed`, `left_out`: by reason. `segments_left`: not sent yet.

    `held_until`: when the last of those leave that quiet hours hold.
    """

    recipients: int = 0
    waiting: int = 0
    held: int = 0
    queued: int = 0
    in_progress: int = 0
    sent: int = 0
    delivered: int = 0
    failed: int = 0
    left_out: int = 0
    failed_because: Mapping[str, int] = field(default_factory=dict)
    left_out_because: Mapping[str, int] = field(default_factory=dict)
    answered: int = 0
    opted_out: int = 0
    segments_left: int = 0
    held_until: datetime | None = None

    @property
    def left(self) -> int:
        """Texts that have left, or failed on their way."""
        return self.in_progress + self.sent + self.delivered + self.failed

    @property
    def done(self) -> int:
        """Recipients for whom nothing is left to do."""
        return self.left + self.left_out


def figures_of(counts: Iterable[Count], opted_out: int) -> Figures:
    """Return a batch in figures."""
    found = list(counts)
    numbers: dict[str, int] = {str(outcome): 0 for outcome in RecipientOutcome}
    for count in found:
        numbers[count.outcome] += count.recipients
    held = [one.until for one in found if one.outcome is RecipientOutcome.held and one.until]
    return Figures(
        **numbers,
        recipients=sum(numbers.values()),
        failed_because=_by_reason(found, RecipientOutcome.failed),
        left_out_because=_by_reason(found, RecipientOutcome.left_out),
        answered=sum(one.answered for one in found),
        opted_out=opted_out,
        segments_left=sum(one.segments for one in found if one.outcome in NOT_LEFT),
        held_until=max(held, default=None),
    )


def seconds_at_pace(segments: int, own_pace: float | None, kind: LineKind) -> float | None:
    """Return how long a line takes for segments; None: it has no pace."""
    pace = pace_of(own_pace, kind, is_proactive=True, is_careful=False)
    return segments / pace if pace else None


def ends_at(
    figures: Figures,
    started_at: datetime,
    now: datetime,
    own_pace: float | None,
    kind: LineKind,
    send_from: datetime | None = None,
) -> datetime | None:
    """Return when a running batch will probably have sent its last text; None: nobody can say.

    By the line's pace, or by how fast it went so far. Those whom quiet hours hold leave later.
    """
    if not figures.segments_left:
        return now
    seconds = seconds_at_pace(figures.segments_left, own_pace, kind)
    if seconds is None:
        took = (now - started_at).total_seconds()
        if figures.left < ENOUGH or took <= 0:
            return None
        remaining = figures.waiting + figures.held + figures.queued
        seconds = remaining / (figures.left / took)
    probably = max(now, send_from or now) + timedelta(seconds=seconds)
    return max(probably, figures.held_until) if figures.held_until else probably


def _by_reason(counts: Iterable[Count], outcome: RecipientOutcome) -> Mapping[str, int]:
    return {
        count.reason or "unknown": count.recipients for count in counts if count.outcome is outcome
    }
