"""The dialogue of a menu, as a table: where a call stands, what was heard, what happens then."""

from datetime import UTC, datetime

import pytest

from domain.calls.dialogue import (
    MOST_TRIES,
    Heard,
    Next,
    Position,
    Speaker,
    Step,
    Turn,
    begin,
    go_on,
    hold,
    nobody_took,
)
from domain.calls.evidence import Evidence
from domain.calls.kinds import Asked, WhyNot, Wording
from domain.calls.menu import SPOKEN, Design
from domain.calls.texts.defaults import DEFAULTS
from domain.languages import SUPPORTED
from domain.text.limits import check_outgoing

SPEAKER = Speaker(Design(line="a-line", languages=("en", "es-MX")), "Acme", "+15550100001")
OFFER, WAITING = Position("en"), Position("en", Step.waiting)
NOBODY, TIRED = Position("en", Step.nobody_free), Position("en", tries=MOST_TRIES - 1)
KEY_1, SILENCE = Heard(digits="1"), Heard()


@pytest.mark.parametrize(
    ("at", "heard", "why_not", "then", "said"),
    [
        (OFFER, KEY_1, None, Next.hang_up, "We have texted you"),
        (WAITING, KEY_1, None, Next.leave, "We have texted you"),
        (NOBODY, KEY_1, None, Next.hang_up, "We have texted you"),
        (OFFER, KEY_1, WhyNot.landline, Next.keep_waiting, "cannot receive"),
        (OFFER, KEY_1, WhyNot.hidden, Next.keep_waiting, "without a number"),
        (OFFER, KEY_1, WhyNot.opted_out, Next.keep_waiting, "START to 1 5 5 5 0 1 0 0 0 0 1"),
        (OFFER, KEY_1, WhyNot.blocked, Next.keep_waiting, "We cannot text you"),
        (WAITING, KEY_1, WhyNot.blocked, Next.hold, "We cannot text you"),
        (NOBODY, KEY_1, WhyNot.blocked, Next.hang_up, "Goodbye"),
        (OFFER, Heard(digits="2"), None, Next.keep_waiting, "stay on the line"),
        (NOBODY, Heard(digits="2"), None, Next.hang_up, "Goodbye"),
        (OFFER, Heard(digits="0"), None, Next.listen, "Thank you for calling Acme"),
        (OFFER, Heard(digits="4"), None, Next.listen, "Gracias por llamar a Acme"),
        (WAITING, Heard(digits="4"), None, Next.listen, "Gracias por esperar"),
        (OFFER, Heard(digits="9"), None, Next.listen, "did not understand"),
        (OFFER, Heard(digits="1" * 100), None, Next.listen, "did not understand"),
        (OFFER, SILENCE, None, Next.listen, "Thank you for calling Acme"),
        (TIRED, SILENCE, None, Next.keep_waiting, "stay on the line"),
        (TIRED, Heard(digits="0"), None, Next.keep_waiting, "stay on the line"),
        (WAITING, SILENCE, None, Next.hold, ""),
        (OFFER, Heard(speech="Text me, please."), None, Next.hang_up, "We have texted you"),
        (OFFER, Heard(speech="escríbame"), None, Next.hang_up, "We have texted you"),
        (OFFER, Heard(speech="Schreib mir!"), None, Next.hang_up, "We have texted you"),
        (OFFER, Heard(speech="one"), None, Next.hang_up, "We have texted you"),
        (OFFER, Heard(speech="don't text me"), None, Next.listen, "did not understand"),
        (OFFER, Heard(speech="text me or wait"), None, Next.listen, "did not understand"),
        (OFFER, Heard(speech="text me", confidence=0.2), None, Next.listen, "did not understand"),
        (OFFER, Heard(speech="text me", confidence=0.0), None, Next.hang_up, "We have texted you"),
        (OFFER, Heard("1", "wait"), None, Next.hang_up, "We have texted you"),
    ],
)
def test_a_menu_answers_what_a_caller_does(
    at: Position, heard: Heard, why_not: WhyNot | None, then: Next, said: str
) -> None:
    turn = go_on(SPEAKER, at, heard, why_not)
    assert turn.then is then
    assert said in " ".join(one.words for one in turn.says)
    assert turn.texts == ("We have texted you" in said)


def test_a_wish_is_kept_with_its_way_even_if_no_text_leaves() -> None:
    assert go_on(SPEAKER, OFFER, KEY_1, WhyNot.opted_out).asked is Asked.keys
    assert go_on(SPEAKER, OFFER, Heard(speech="text me"), None).asked is Asked.speech
    assert go_on(SPEAKER, OFFER, Heard(digits="2"), None).asked is None


def test_who_cannot_be_texted_is_told_at_once_and_offered_nothing() -> None:
    for why_not in (WhyNot.landline, WhyNot.hidden):
        assert begin(SPEAKER, why_not).then is Next.keep_waiting
        assert hold(SPEAKER, WAITING, why_not).then is Next.hold
        assert nobody_took(SPEAKER, OFFER, why_not).then is Next.hang_up
    assert begin(SPEAKER, None).then is Next.listen
    assert nobody_took(SPEAKER, OFFER, None).at.step is Step.nobody_free


@pytest.mark.parametrize(
    "turn",
    [
        begin(SPEAKER, None),
        hold(SPEAKER, WAITING, None),
        nobody_took(SPEAKER, OFFER, None),
        go_on(SPEAKER, OFFER, Heard(digits="4"), None),
        go_on(SPEAKER, WAITING, Heard(digits="4"), None),
    ],
)
def test_the_evidence_of_a_wish_has_the_words_that_were_said(turn: Turn) -> None:
    evidence = Evidence.of(SPEAKER, turn.at, KEY_1, "a-menu", 1, datetime.now(UTC))
    assert evidence.prompt == " ".join(said.words for said in turn.says)
    assert evidence.language == turn.at.language


def test_every_text_is_there_in_six_languages_and_can_be_spoken_or_sent() -> None:
    assert set(DEFAULTS) == set(SUPPORTED)
    for language in SPOKEN:
        speaker = Speaker(Design(line="a", languages=(language,)), "Acme", "+15550100001")
        for wording in Wording:
            text = speaker.fill(wording, language, "3")
            assert "{" not in text
            check_outgoing(text)
        assert "STOP" in speaker.fill(Wording.text, language)
