"""When a bot that fails is left out for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FAILURES_IN_A_ROW = 5
"""Ours: fewer may be one deploy of the bot; each one more keeps a consumer waiting for nothing."""
PAUSE = timedelta(minutes=5)
"""Ours: long enough for a restart, and short enough that nobody has to resume it by hand."""


@dataclass(frozen=True)
class BotHealth:
    """How a bot does. `failures`: in a row. `paused_until`: None: it is asked."""

    failures: int = 0
    paused_until: datetime | None = None

    def is_paused(self, now: datetime) -> bool:
        """Say whether it is left out. After its pause the next conversation tries it again."""
        return self.paused_until is not None and now < self.paused_until


def after(health: BotHealth, *, is_failure: bool, now: datetime) -> BotHealth:
    """Return the health after an answer or a failure; a failed try pauses it at once again."""
    if not is_failure:
        return BotHealth()
    failures = health.failures + 1
    pauses = failures >= FAILURES_IN_A_ROW
    return BotHealth(failures, now + PAUSE if pauses else None)
