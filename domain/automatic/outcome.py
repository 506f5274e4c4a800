"""Where what is said, and when, was set: for people who look at their settings.

The same rules as `domain.automatic.message_timers.resolve_timers`, with their reasons.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.automatic.kinds import Automatic, Timer
from domain.automatic.message_timers import DEFAULT_TIMERS, TimerSetting
from domain.automatic.wordings import (
    Scope,
    TextOutcome,
    Tongue,
    Wording,
    fits,
    generality,
    text_outcomes,
)
from domain.languages import is_same_language


class Origin(StrEnum):
    """For what a setting that holds was made; `default` is the product's own."""

    line = "line"
    skill = "skill"
    connector = "connector"
    account = "account"
    default = "default"


@dataclass(frozen=True)
class TimerOutcome:
    """When time sends a message. `setting` is None for the default."""

    timer: Timer
    setting: TimerSetting | None = None

    @property
    def origin(self) -> Origin:
        return origin_of(self.setting.place) if self.setting else Origin.default


def origin_of(place: Scope) -> Origin:
    """Return the most specific thing a setting is for."""
    if place.line_id:
        return Origin.line
    if place.skill_id:
        return Origin.skill
    return Origin.connector if place.connector_id else Origin.account


def origin_of_text(outcome: TextOutcome) -> Origin:
    """Return for what the text was set that holds."""
    return origin_of(outcome.setting.place) if outcome.setting else Origin.default


@dataclass(frozen=True)
class Read:
    """What is read for want of a text: in which language, and whose words."""

    language: str
    is_own: bool
    is_foreign: bool


@dataclass(frozen=True)
class Elsewhere:
    """What consumers read who write languages in which an account has not set its text.

    `written` are the languages in which it has, `readers` those of the consumers.
    """

    written: tuple[str, ...]
    readers: Mapping[Read, tuple[str, ...]]


def unwritten(
    wordings: Collection[Wording], languages: Iterable[str], tongue: Tongue
) -> dict[Automatic, Elsewhere]:
    """Return the events an account has a text for, but not in each of some languages."""
    written: dict[Automatic, set[str]] = {}
    for one in wordings:
        if one.is_on and fits(one.event, one.place):
            written.setdefault(one.event, set()).add(one.language)
    readers: dict[Automatic, dict[Read, tuple[str, ...]]] = {}
    for language in languages:
        for outcome in text_outcomes(wordings, replace(tongue, language=language)):
            is_foreign = not is_same_language(outcome.language, language)
            read = Read(outcome.language, outcome.setting is not None, is_foreign)
            is_missing = is_foreign or not read.is_own
            if outcome.event in written and outcome.enabled and is_missing:
                found = readers.setdefault(outcome.event, {})
                found[read] = (*found.get(read, ()), language)
    return {
        event: Elsewhere(tuple(sorted(written[event])), found) for event, found in readers.items()
    }


def timer_outcomes(settings: Sequence[TimerSetting]) -> dict[Automatic, TimerOutcome]:
    """Return the timer of every message that time sends, of settings that all apply."""
    outcomes = {event: TimerOutcome(timer) for event, timer in DEFAULT_TIMERS.items()}
    ordered = sorted(settings, key=lambda setting: -generality(setting.place))
    return outcomes | {one.event: TimerOutcome(one.timer, one) for one in ordered}
