import pytest

from providers.contract import Blame, Outcome
from providers.twilio.errors import FAILURES, from_answer, from_callback
from providers.twilio.failures import VERDICTS, Failure


def test_every_failure_has_a_verdict_with_a_sentence() -> None:
    assert set(VERDICTS) == set(Failure)
    for verdict in VERDICTS.values():
        assert verdict.sentence.endswith(".")


def test_every_known_code_leads_to_its_failure() -> None:
    for code, failure in FAILURES.items():
        assert from_callback(str(code)).code == failure
        assert from_callback(str(code)).provider_code == str(code)


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [
        (400, 21211, Outcome.refused),
        (400, 21610, Outcome.refused),
        (400, 99999, Outcome.refused),
        (400, None, Outcome.refused),
        (401, 20003, Outcome.refused),
        (404, None, Outcome.refused),
        (429, 20429, Outcome.not_processed),
        (429, None, Outcome.not_processed),
        (400, 21611, Outcome.not_processed),
        (503, 20503, Outcome.not_processed),
        (503, None, Outcome.ambiguous),
        (500, 20500, Outcome.ambiguous),
        (500, None, Outcome.ambiguous),
        (502, None, Outcome.ambiguous),
        (504, 20500, Outcome.ambiguous),
        (408, None, Outcome.ambiguous),
        (302, None, Outcome.ambiguous),
    ],
)
def test_an_answer_says_whether_the_text_may_have_left(
    status: int, code: int | None, outcome: Outcome
) -> None:
    assert from_answer(status, code, None).outcome is outcome


@pytest.mark.parametrize(
    ("status", "code", "blame"),
    [
        (400, 21614, Blame.recipient),
        (400, 21617, Blame.content),
        (400, 21606, Blame.configuration),
        (401, None, Blame.configuration),
        (429, None, Blame.provider),
        (500, None, Blame.provider),
    ],
)
def test_an_answer_says_whose_fault_it_is(status: int, code: int | None, blame: Blame) -> None:
    assert from_answer(status, code, None).blame is blame


def test_twilios_wish_to_wait_goes_before_ours() -> None:
    assert from_answer(429, 20429, 7.0).retry_after == 7.0
    assert from_answer(429, 20429, None).retry_after is None
    assert from_answer(400, 21611, None).retry_after == 600.0


@pytest.mark.parametrize("code", [None, "", "not a number", "²", "99999"])
def test_a_callback_with_an_unheard_of_code_is_still_told(code: str | None) -> None:
    failure = from_callback(code)
    assert failure.code == "refused"
    assert failure.sentence
