"""When time sends automatic messages: the account's timers, most specific first, or defaults."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import timedelta

from domain.automatic.kinds import TIMED, Automatic, Timer
from domain.automatic.wordings import Scope, check_place, generality
from domain.errors import Invalid

SHORTEST = timedelta(seconds=15)
LONGEST = timedelta(days=90)
MOST_REPEATS = 10

DEFAULT_TIMERS = {
    Automatic.waiting_in_queue: Timer(delay=timedelta(minutes=15)),
    Automatic.agent_silent: Timer(delay=timedelta(minutes=10)),
    Automatic.consumer_silent: Timer(delay=timedelta(hours=24)),
    Automatic.auto_close_warning: Timer(delay=timedelta(hours=1)),
}


@dataclass(frozen=True)
class TimerSetting:
    """A timer an account set: for a line, for a skill, or (both None) for all of it."""

    event: Automatic
    timer: Timer
    line_id: str | None = None
    skill_id: str | None = None

    @property
    def place(self) -> Scope:
        return Scope(self.line_id, self.skill_id)


def resolve_timers(
    settings: Iterable[TimerSetting], on: Container[Automatic]
) -> dict[Automatic, Timer]:
    """Return the timers of messages that are on, of settings that all apply to one conversation.

    Line, then skill, then account, then the default. A timer holds whole: delay and repeats.
    """
    ordered = sorted(settings, key=lambda setting: -generality(setting.place))
    timers = DEFAULT_TIMERS | {setting.event: setting.timer for setting in ordered}
    return {event: timer for event, timer in timers.items() if event in TIMED and event in on}


def check_timer(setting: TimerSetting) -> None:
    """Raise `Invalid` for a timer that must not be saved."""
    event, timer = setting.event, setting.timer
    check_place(event, setting.place)
    if event not in TIMED:
        raise Invalid(f"{event} is not sent by time: it has no timer.")
    if not SHORTEST <= timer.delay <= LONGEST:
        raise Invalid("The delay of a timer is 15 seconds to 90 days.")
    if not 1 <= timer.repeats <= MOST_REPEATS:
        raise Invalid("A message is sent 1 to 10 times in one silence.")
    if event is Automatic.auto_close_warning and timer.repeats != 1:
        raise Invalid("The warning before auto-close is sent once.")
