"""How far a batch has got."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

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
HAVE_LEFT = (
    RecipientOutcome.in_progress,
    RecipientOutcome.sent,
    RecipientOutcome.delivered,
    RecipientOutcome.failed,
)


@dataclass(frozen=True)
class Count:
    """Recipients with one outcome, for one reason. `until`: of a hold."""

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


def _by_reason(counts: Iterable[Count], outcome: RecipientOutcome) -> Mapping[str, int]:
    totals: dict[str, int] = {}
    for count in counts:
        if count.outcome is outcome:
            reason = count.reason or "unknown"
            totals[reason] = totals.get(reason, 0) + count.recipients
    return totals
