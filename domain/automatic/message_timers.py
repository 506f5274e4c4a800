"""Timers of automatic messages: the most specific one that is set, or the default."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from domain.automatic.catalogue import DELAYS, TIMED
from domain.automatic.kinds import Automatic, Timer
from domain.automatic.wordings import check_scope
from domain.errors import Invalid
from domain.settings.resolution import Resolved, Setting, Source, resolve
from domain.settings.scope import Scope

SHORTEST = timedelta(seconds=15)
"""Ours: a shorter delay would cross an answer that is being typed."""
LONGEST = timedelta(days=90)
"""Ours: the longest auto-close; later there is nobody to remind."""
MOST_REPEATS = 10
"""Ours: enough to remind, and too few to harass."""

DEFAULT_TIMERS = {event: Timer(delay=delay.default) for event, delay in DELAYS.items()}


@dataclass(frozen=True)
class TimerSetting:
    """A timer an account set for a line, for a skill, or (both None) for the whole account."""

    event: Automatic
    timer: Timer
    line_id: str | None = None
    skill_id: str | None = None
    id: int | None = field(default=None, compare=False)
    """Id of its row."""

    @property
    def scope(self) -> Scope:
        return Scope(self.line_id, self.skill_id)


def resolve_timers(settings: Iterable[TimerSetting]) -> dict[Automatic, Resolved[Timer]]:
    """Return the timer of every timed message, from settings that all reach the conversation.

    The line's timer comes first, then the skill's, the account's, and the default. Delay and
    repeats are set together, and hold together.
    """
    set_for: dict[Automatic, list[Setting[Timer]]] = {}
    for setting in settings:
        set_for.setdefault(setting.event, []).append(
            Setting(setting.timer, Source.of(setting.scope, setting.id))
        )
    return {
        event: resolve(set_for.get(event, ()), default) for event, default in DEFAULT_TIMERS.items()
    }


def check_timer(setting: TimerSetting) -> None:
    """Raise `Invalid` for a timer that must not be saved."""
    event, timer = setting.event, setting.timer
    check_scope(event, setting.scope)
    if event not in TIMED:
        raise Invalid(f"{event} has no timer: it is not sent after a delay.")
    if not SHORTEST <= timer.delay <= LONGEST:
        raise Invalid("A delay must be between 15 seconds and 90 days.")
    if not 1 <= timer.repeats <= MOST_REPEATS:
        raise Invalid("A message can be sent 1 to 10 times in one silence.")
    if not DELAYS[event].may_repeat and timer.repeats != 1:
        raise Invalid(f"{event} is sent once in one silence.")
