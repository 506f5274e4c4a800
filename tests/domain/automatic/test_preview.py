"""Behaviour, section 4: a preview with segments, as it would be sent."""

from datetime import timedelta

import pytest

from domain.automatic.kinds import Automatic
from domain.automatic.preview import Sample, preview
from domain.text.segments import Encoding
from tests.domain.scenario import SUPPORT, with_ann, with_texts

ACME = Sample(brand="Acme", skill="Support", agent="Ann")
JOINED = Automatic.agent_joined


def test_placeholders_are_filled_with_the_samples() -> None:
    shown = preview(JOINED, "{agent} of {skill} at {brand}", ACME)
    assert (shown.text, shown.characters) == ("Ann of Support at Acme", 22)
    assert (shown.refused, shown.warnings) == (None, ())


def test_the_prefix_stands_before_it_and_counts() -> None:
    prefixed = Sample(brand="Acme", skill="Support", agent="Ann", prefix="Automatic message:")
    shown = preview(JOINED, "Hi", prefixed)
    assert (shown.text, shown.segments.units) == ("Automatic message: Hi", 21)


def test_it_is_the_text_that_is_sent() -> None:
    text = "You are now talking to {agent} of {skill} at {brand}."
    sent = with_ann(with_texts(SUPPORT, agent_joined=text)).messages[0]
    shown = preview(JOINED, text, ACME)
    assert (sent.text, sent.segments) == (shown.text, shown.segments.count)


def test_it_names_the_characters_that_gsm_7_lacks() -> None:
    shown = preview(JOINED, "Não há «nada»", ACME)
    assert (shown.segments.encoding, shown.segments.forced_by) == (Encoding.ucs2, "ãá«»")
    plain = preview(JOINED, "Nada", ACME)
    assert (plain.segments.encoding, plain.segments.forced_by) == (Encoding.gsm7, "")


def test_a_name_may_force_it_too() -> None:
    shown = preview(JOINED, "{agent} is here", Sample(brand="A", skill="S", agent="Zoë"))
    assert shown.segments.forced_by == "ë"


@pytest.mark.parametrize(("length", "segments"), [(160, 1), (161, 2), (306, 2), (307, 3)])
def test_it_counts_segments(length: int, segments: int) -> None:
    assert preview(JOINED, "x" * length, ACME).segments.count == segments


def test_the_response_time_is_worded_in_the_language() -> None:
    sample = Sample(
        brand="A", skill="S", agent="Z", language="de", response_time=timedelta(hours=2)
    )
    shown = preview(Automatic.response_time_changed, "Bis {response_time}", sample)
    assert shown.text == "Bis 2 Stunden"
    assert shown.warnings == ("It is not sent if no response time is set, or after it has passed.",)


def test_one_that_outgrows_the_limit_when_filled_is_shown_cut_with_a_warning() -> None:
    sample = Sample(brand="Acme", skill="Support", agent="Annabella")
    shown = preview(JOINED, "x" * 1593 + "{agent}", sample)
    assert (len(shown.text), shown.characters, shown.refused) == (1600, 1602, None)
    assert shown.warnings == (
        "Filled, it has 1602 characters. All after the first 1600 is cut off.",
    )


def test_a_preview_is_cut_where_the_provider_would_refuse_it() -> None:
    shown = preview(JOINED, "x" * 1592 + "{agent}", Sample("Acme", "Support", "Ann 👩‍👩‍👧‍👦"))
    assert (shown.text, shown.characters) == ("x" * 1592 + "Ann ", 1607)


def test_an_agent_is_empty_where_nobody_is_assigned() -> None:
    shown = preview(Automatic.welcome, "{agent}", ACME)
    assert (shown.text, shown.segments.count) == ("", 0)
    assert shown.warnings == (
        "Filled, it is empty, so it is not sent.",
        "Nobody is assigned at this moment, so {agent} stays empty.",
    )


@pytest.mark.parametrize(
    ("event", "text", "sentence"),
    [
        (JOINED, "Hi {name}", "Unknown placeholder {name}."),
        (JOINED, " ", "The message is empty."),
        (JOINED, "x" * 1601, "The message has 1601 characters; 1600 are allowed."),
        (Automatic.survey_question, "x" * 257, "The question has 257 characters; 256 are allowed."),
        (
            Automatic.survey_question,
            "⭐😀" * 86,
            "The question has 258 characters; 256 are allowed.",
        ),
    ],
)
def test_a_text_that_cannot_be_saved_is_shown_with_the_reason(
    event: Automatic, text: str, sentence: str
) -> None:
    shown = preview(event, text, ACME)
    assert (shown.refused or "").startswith(sentence)
    assert shown.warnings == ()


def test_it_is_said_where_a_time_would_be_in_another_language() -> None:
    dutch = Sample(brand="Acme", skill="Support", agent="Ann", language="nl")
    told = preview(Automatic.response_time_changed, "Binnen {response_time}.", dutch)
    assert (
        told.warnings[0]
        == "No words for times are known in Nederlands: {response_time} is in English."
    )
    german = Sample(brand="Acme", skill="Support", agent="Ann", language="de-AT")
    assert len(preview(Automatic.response_time_changed, "{response_time}", german).warnings) == 1
