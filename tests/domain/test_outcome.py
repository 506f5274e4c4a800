"""What people are shown of their settings is what conversations say."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as some

from domain.outcome import Origin, text_outcomes, timer_outcomes
from domain.state import Timer
from domain.timing import TimerSetting, resolve_timers
from domain.wording import Wording, choose
from domain.words import Automatic

LANGUAGES = ["en", "de", "pt", "pt-BR", "nl"]
EVENTS = [Automatic.welcome, Automatic.survey_question, Automatic.auto_closed]
PLACES = [{}, {"line_id": "l"}, {"skill_id": "s"}, {"connector_id": "c"}]
SETTINGS = some.builds(
    lambda event, language, enabled, place: Wording(
        event, language, f"{event} {language} {place}", enabled, **place
    ),
    some.sampled_from(EVENTS),
    some.sampled_from(LANGUAGES),
    some.booleans(),
    some.sampled_from(PLACES),
)


@given(
    some.lists(SETTINGS, unique_by=lambda one: (one.event, one.language, one.place)),
    some.sampled_from(LANGUAGES),
    some.sampled_from(LANGUAGES),
)
def test_what_is_shown_is_what_is_said(wordings: list[Wording], language: str, own: str) -> None:
    told = choose(wordings, language=language, default_language=own)
    shown = text_outcomes(wordings, language=language, default_language=own)
    assert {one.event: (one.text, one.language) for one in shown if one.enabled} == {
        event: (chosen.text, chosen.language) for event, chosen in told.items()
    }


def test_a_timer_says_for_what_it_was_set() -> None:
    minute, hour = Timer(delay=timedelta(minutes=1)), Timer(delay=timedelta(hours=1))
    settings = [
        TimerSetting(Automatic.agent_silent, minute, line_id="l"),
        TimerSetting(Automatic.agent_silent, hour, skill_id="s"),
        TimerSetting(Automatic.consumer_silent, hour),
    ]
    shown = timer_outcomes(settings)
    assert shown[Automatic.agent_silent].origin is Origin.line
    assert shown[Automatic.consumer_silent].origin is Origin.account
    assert shown[Automatic.waiting_in_queue].origin is Origin.default
    timers = resolve_timers(settings, set(Automatic))
    assert {event: one.timer for event, one in shown.items()} == timers
