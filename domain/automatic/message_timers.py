"""When time sends automatic messages: the account's timers, most specific first, or defaults."""

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
LONGEST = timedelta(days=90)
MOST_REPEATS = 10

DEFAULT_TIMERS = {event: Timer(delay=delay.default) for event, delay in DELAYS.items()}


@dataclass(frozen=True)
class TimerSetting:
    """A timer an account set: for a line, for a skill, or (both None) for all of it."""

    event: Automatic
    timer: Timer
    line_id: str | None = None
    skill_id: str | None = None
    id: int | None = field(default=None, compare=False)
    """Of its row."""

    @property
    def scope(self) -> Scope:
        return Scope(self.line_id, self.skill_id)


def resolve_timers(settings: Iterable[TimerSetting]) -> dict[Automatic, Resolved[Timer]]:
    """Return the timer of every message that time sends, of settings that all reach.

    Line, then skill, then account, then the default. A timer holds whole: delay and repeats.
    """
    set_for: dict[Automatic, list[Setting[Timer]]] = {}
    for one in settings:
        set_for.setdefault(one.event, []).append(Setting(one.timer, Source.of(one.scope, one.id)))
    return {
        event: resolve(set_for.get(event, ()), default) for event, default in DEFAULT_TIMERS.items()
    }


def check_timer(setting: TimerSetting) -> None:
    """Raise `Invalid` for a timer that must not be saved."""
    event, timer = setting.event, setting.timer
    check_scope(event, setting.scope)
    if event not in TIMED:
        raise Invalid(f"{event} is not sent by time: it has no timer.")
    if not SHORTEST <= timer.delay <= LONGEST:
        raise Invalid("The delay of a timer is 15 seconds to 90 days.")
    if not 1 <= timer.repeats <= MOST_REPEATS:
        raise Invalid("A message is sent 1 to 10 times in one silence.")
    if not DELAYS[event].may_repeat and timer.repeats != 1:
        raise Invalid(f"{event} is sent once in one silence.")
