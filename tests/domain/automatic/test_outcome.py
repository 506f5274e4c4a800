"""What people are shown of their timers is what conversations keep to."""

from datetime import timedelta

from domain.automatic.kinds import Automatic, Timer
from domain.automatic.message_timers import TimerSetting, resolve_timers
from domain.automatic.outcome import Origin, Read, timer_outcomes, unwritten
from domain.automatic.wordings import Tongue, Wording
from domain.language_settings import TextsFirst


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


def test_it_is_said_what_those_read_in_whose_language_a_text_is_missing() -> None:
    wordings = [
        Wording(Automatic.welcome, "en", "Hi"),
        Wording(Automatic.help, "en", "", enabled=False),
        Wording(Automatic.closed_by_agent, "de", "Bis bald"),
        Wording(Automatic.closed_by_agent, "en", "Bye"),
    ]
    languages = ["en", "de", "fr-CA", "nl"]
    found = unwritten(wordings, languages, Tongue("en", "en"))
    assert set(found) == {Automatic.welcome, Automatic.closed_by_agent}
    assert found[Automatic.welcome].written == ("en",)
    assert found[Automatic.welcome].readers == {
        Read("de", is_own=False, is_foreign=False): ("de",),
        Read("fr", is_own=False, is_foreign=False): ("fr-CA",),
        Read("en", is_own=True, is_foreign=True): ("nl",),
    }
    by_place = unwritten(wordings, languages, Tongue("en", "en", TextsFirst.place))
    assert by_place[Automatic.welcome].readers == {
        Read("en", is_own=True, is_foreign=True): ("de", "fr-CA", "nl")
    }
