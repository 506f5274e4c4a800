"""Who can be texted, which menus can be saved, and how a call's course is read."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from domain.calls.callers import caller_of
from domain.calls.course import Course, Ending
from domain.calls.kinds import SENT, CallOutcome, WhyNot, Wording
from domain.calls.menu import Design, filled
from domain.calls.texts.defaults import DEFAULTS
from domain.text.segments import segments

NOW = datetime.now(UTC)


@pytest.mark.parametrize(
    ("written", "why_not"),
    [
        ("+14155550123", None),  # North American numbers do not say whether they are mobile
        ("+4915112345678", None),
        ("+447700900123", None),  # a range for films, which no table knows
        ("+4930123456", WhyNot.landline),
        ("+18005550123", WhyNot.landline),
        ("+41800123456", WhyNot.landline),
        ("+266696687", WhyNot.hidden),
        ("anonymous", WhyNot.hidden),
        ("client:ann", WhyNot.hidden),
        ("sip:+15550123@brand.test", WhyNot.hidden),
        ("", WhyNot.hidden),
        ("+0", WhyNot.hidden),
        ("+1555" * 50, WhyNot.hidden),
    ],
)
def test_a_number_says_whether_it_can_be_texted(written: str, why_not: WhyNot | None) -> None:
    assert caller_of(written).why_not is why_not


@pytest.mark.parametrize(
    "wrong",
    [
        {"languages": []},
        {"languages": ["en", "en"]},
        {"languages": ["xx"]},
        {"texts": {"de": {"offer": "Hallo"}}},
        {"texts": {"en": {"offer": "Hi {name}"}}},
        {"texts": {"en": {"offer": "x" * 1001}}},
        {"texts": {"en": {"text": "x" * 1601}}},
        {"texts": {"en": {"offer": "a\0b"}}},
        {"look_back_seconds": 3599},
        {"look_back_seconds": 30 * 86400 + 1},
        {"keep_waiting": {"kind": "dial", "to": "12"}},
        {"keep_waiting": {"kind": "dial", "to": "sip:a@b><Hangup/>"}},
        {"keep_waiting": {"kind": "pass_on", "url": "http://brand.test"}},
        {"keep_waiting": {"kind": "queue", "name": "a b"}},
    ],
)
def test_a_menu_that_could_not_be_played_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Design.model_validate({"line": "a-line"} | wrong)


def test_a_call_is_missed_only_if_it_ended_and_nobody_spoke_to_the_caller() -> None:
    assert Course().outcome is CallOutcome.under_way
    assert not Course().was_missed
    for ending in Ending:
        assert Course(ending).was_missed
        assert not Course(ending, asked_at=NOW).was_missed
        assert not Course(ending, connected_at=NOW).was_missed
        assert not Course(ending, passed_on_at=NOW).was_missed


@pytest.mark.parametrize("language", DEFAULTS)
@pytest.mark.parametrize("wording", SENT)
def test_our_texts_to_callers_fit_into_one_segment(language: str, wording: Wording) -> None:
    text = filled(DEFAULTS[language][wording], {"brand": "Acme Outdoor"})
    assert segments(text).count == 1
    assert "STOP" in text
