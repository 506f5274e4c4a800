"""Behaviour, section 4: `{response_time}` in words, its first two units, in the text's language."""

from datetime import timedelta

import pytest

from domain.automatic.durations import Spell
from domain.automatic.kinds import Automatic
from domain.languages import SUPPORTED
from tests.domain.scenario import ANN, SUPPORT, with_ann, with_texts

TWO_DAYS = timedelta(days=2, hours=1)
LONG = timedelta(days=1, hours=20, minutes=59)
SHORT = timedelta(minutes=1, seconds=30)


@pytest.mark.parametrize(
    ("language", "two_days", "long", "short", "nothing"),
    [
        ("en", "2 days and 1 hour", "1 day and 20 hours", "1 minute and 30 seconds", "0 seconds"),
        (
            *("de", "2 Tage und 1 Stunde", "1 Tag und 20 Stunden"),
            *("1 Minute und 30 Sekunden", "0 Sekunden"),
        ),
        (
            *("fr", "2 jours et 1 heure", "1 jour et 20 heures"),
            *("1 minute et 30 secondes", "0 seconde"),
        ),
        ("es", "2 días y 1 hora", "1 día y 20 horas", "1 minuto y 30 segundos", "0 segundos"),
        ("pt", "2 dias e 1 hora", "1 dia e 20 horas", "1 minuto e 30 segundos", "0 segundos"),
        ("it", "2 giorni e 1 ora", "1 giorno e 20 ore", "1 minuto e 30 secondi", "0 secondi"),
    ],
)
def test_a_duration_is_worded(
    language: str, two_days: str, long: str, short: str, nothing: str
) -> None:
    spans = (TWO_DAYS, LONG, SHORT, timedelta())
    worded = tuple(str(Spell(span, language)) for span in spans)
    assert worded == (two_days, long, short, nothing)


@pytest.mark.parametrize("language", SUPPORTED)
def test_a_second_unit_of_nothing_is_left_out(language: str) -> None:
    assert " " not in str(Spell(timedelta(days=3), language)).partition(" ")[2]


def test_english_is_spoken_where_nothing_else_is_known() -> None:
    assert str(Spell(LONG)) == str(Spell(LONG, "nl")) == "1 day and 20 hours"
    assert str(Spell(LONG, "de-AT")) == "1 Tag und 20 Stunden"


def test_a_promise_is_worded_in_the_language_of_the_conversation() -> None:
    german = with_texts(SUPPORT, response_time_changed="In {response_time}.")
    held = with_ann(german.model_copy(update={"language": "de"}))
    held.promises(ANN, LONG)
    assert [message.text for message in held.messages] == ["In 1 Tag und 20 Stunden."]


def test_a_promise_in_a_text_of_another_language_is_worded_in_that_language() -> None:
    changed = Automatic.response_time_changed
    mixed = SUPPORT.model_copy(update={"language": "de", "text_languages": {changed: "en"}})
    held = with_ann(mixed)
    held.promises(ANN, LONG)
    assert [message.text for message in held.messages] == [
        "We will get back to you within 1 day and 20 hours."
    ]
