"""What is said on each event, and where that was set: for people who look at their settings.

The same rules as `domain.wording.choose` and `domain.timing.resolve_timers`, with their reasons.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.languages import nearest, stand_ins
from domain.scales import Scale
from domain.state import Timer
from domain.texts.defaults import OFF_BY_DEFAULT, starting_texts
from domain.timing import DEFAULT_TIMERS, TimerSetting
from domain.wording import Place, Wording, fits, generality
from domain.words import Automatic


class Origin(StrEnum):
    """For what a setting that holds was made; `default` is the product's own."""

    line = "line"
    skill = "skill"
    connector = "connector"
    account = "account"
    default = "default"


@dataclass(frozen=True)
class TextOutcome:
    """The text of an event; it is sent if `enabled`. `setting` is None for the default."""

    event: Automatic
    text: str
    language: str
    enabled: bool
    setting: Wording | None = None

    @property
    def origin(self) -> Origin:
        return origin_of(self.setting.place) if self.setting else Origin.default


@dataclass(frozen=True)
class TimerOutcome:
    """When time sends a message. `setting` is None for the default."""

    timer: Timer
    setting: TimerSetting | None = None

    @property
    def origin(self) -> Origin:
        return origin_of(self.setting.place) if self.setting else Origin.default


def origin_of(place: Place) -> Origin:
    """Return the most specific thing a setting is for."""
    if place.line_id:
        return Origin.line
    if place.skill_id:
        return Origin.skill
    return Origin.connector if place.connector_id else Origin.account


def text_outcomes(
    wordings: Iterable[Wording],
    *,
    language: str,
    default_language: str,
    scale: Scale | None = None,
) -> list[TextOutcome]:
    """Return the outcome of every event, of wordings that all apply to one conversation."""
    languages = list(dict.fromkeys([*stand_ins(language), *stand_ins(default_language)]))
    own = nearest(language, default_language)
    outcomes = {
        event: TextOutcome(event, text, own, event not in OFF_BY_DEFAULT)
        for event, text in starting_texts(own, scale).items()
    }
    fitting = [one for one in wordings if one.language in languages and fits(one.event, one.place)]
    fitting.sort(key=lambda one: (-generality(one.place), -languages.index(one.language)))
    outcomes |= {
        one.event: TextOutcome(one.event, one.text, one.language, one.enabled, one)
        for one in fitting
    }
    return [outcomes[event] for event in Automatic if event in outcomes]


def timer_outcomes(settings: Sequence[TimerSetting]) -> dict[Automatic, TimerOutcome]:
    """Return the timer of every message that time sends, of settings that all apply."""
    outcomes = {event: TimerOutcome(timer) for event, timer in DEFAULT_TIMERS.items()}
    ordered = sorted(settings, key=lambda setting: -generality(setting.place))
    return outcomes | {one.event: TimerOutcome(one.timer, one) for one in ordered}
