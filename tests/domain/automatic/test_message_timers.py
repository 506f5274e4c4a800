"""Behaviour, section 4: delays and repeats of timed messages."""

from datetime import timedelta

import pytest

from domain.automatic.catalogue import TIMED
from domain.automatic.kinds import Automatic, Timer
from domain.automatic.message_timers import (
    DEFAULT_TIMERS,
    TimerSetting,
    check_timer,
    resolve_timers,
)
from domain.errors import Invalid

SILENT = Automatic.agent_silent
WARNING = Automatic.auto_close_warning


def minutes(count: float, repeats: int = 1) -> Timer:
    return Timer(delay=timedelta(minutes=count), repeats=repeats)


def _silent(count: float, *, line: str | None = None, skill: str | None = None) -> TimerSetting:
    return TimerSetting(SILENT, minutes(count), line_id=line, skill_id=skill)


@pytest.mark.parametrize(
    ("settings", "chosen"),
    [
        ([], 10),
        ([_silent(5)], 5),
        ([_silent(5), _silent(4, skill="s")], 4),
        ([_silent(5), _silent(4, skill="s"), _silent(3, line="l")], 3),
    ],
    ids=["default", "account", "skill before account", "line before skill"],
)
@pytest.mark.parametrize("order", [1, -1])
def test_the_most_specific_timer_decides(
    settings: list[TimerSetting], chosen: float, order: int
) -> None:
    assert resolve_timers(settings[::order])[SILENT].value == minutes(chosen)


def test_the_defaults_keep_the_rules_and_are_whole() -> None:
    assert set(DEFAULT_TIMERS) == TIMED
    for event, timer in DEFAULT_TIMERS.items():
        check_timer(TimerSetting(event, timer))


@pytest.mark.parametrize("timer", [minutes(0.25), minutes(90 * 24 * 60), minutes(1, 10)])
def test_a_timer_within_the_limits_may_be_saved(timer: Timer) -> None:
    check_timer(TimerSetting(SILENT, timer))


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        (TimerSetting(SILENT, Timer(delay=timedelta(seconds=14))), "15 seconds and 90 days"),
        (TimerSetting(SILENT, Timer(delay=timedelta(days=91))), "15 seconds and 90 days"),
        (TimerSetting(SILENT, minutes(1, 0)), "1 to 10 times"),
        (TimerSetting(SILENT, minutes(1, 11)), "1 to 10 times"),
        (TimerSetting(WARNING, minutes(1, 2)), "sent once"),
        (TimerSetting(Automatic.welcome, minutes(1)), "has no timer"),
        (TimerSetting(SILENT, minutes(1), line_id="l", skill_id="s"), "for one"),
    ],
)
def test_a_timer_outside_the_limits_is_refused(setting: TimerSetting, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        check_timer(setting)
