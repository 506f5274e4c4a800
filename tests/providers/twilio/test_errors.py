import pytest

from providers.contract import Blame, SendOutcome
from providers.twilio.errors import from_answer, from_callback


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [
        (400, 21211, SendOutcome.refused),
        (400, 21610, SendOutcome.refused),
        (400, 99999, SendOutcome.refused),
        (400, None, SendOutcome.refused),
        (401, 20003, SendOutcome.not_processed),
        (404, None, SendOutcome.refused),
        (429, 20429, SendOutcome.not_processed),
        (429, None, SendOutcome.not_processed),
        (400, 21611, SendOutcome.not_processed),
        (503, 20503, SendOutcome.not_processed),
        (503, None, SendOutcome.ambiguous),
        (500, 20500, SendOutcome.ambiguous),
        (500, None, SendOutcome.ambiguous),
        (502, None, SendOutcome.ambiguous),
        (504, 20500, SendOutcome.ambiguous),
        (408, None, SendOutcome.ambiguous),
        (302, None, SendOutcome.ambiguous),
    ],
)
def test_an_answer_says_whether_the_text_may_have_left(
    status: int, code: int | None, outcome: SendOutcome
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


@pytest.mark.parametrize("code", [None, "", "0", "not a number", "²", "99999"])
def test_a_callback_with_an_unknown_code_is_still_reported(code: str | None) -> None:
    failure = from_callback(code)
    assert failure.code == "refused"
    assert failure.sentence


def test_an_unknown_reason_is_reported_by_its_number() -> None:
    for failure in (from_callback("39999"), from_answer(400, 39999, None)):
        assert "39999" in failure.sentence
        assert failure.provider_code == "39999"
    assert "no reason" in from_callback(None).sentence
    assert from_callback("0").provider_code is None
    assert from_answer(400, None, None).provider_code == "HTTP 400"


def test_a_code_of_any_length_is_kept_short() -> None:
    assert from_callback("9" * 5000).provider_code == "9" * 20


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        *((code, "request_refused") for code in (20001, 30010, 30012, 30013, 35118)),
        (21612, "no_route"),
        *((code, "sender_not_registered") for code in (30034, 30040, 30041, 30043, 21717)),
        *((code, "account_refused") for code in (10001, 20003, 20005, 30002, 30037)),
        *((code, "trial_account") for code in (21219, 21608, 30044)),
        *((code, "daily_limit") for code in (30023, 30027, 30454, 63038)),
        *((code, "not_delivered") for code in (30008, 30485, 63023)),
        *((code, "provider_failed") for code in (30020, 30021, 30500, 63010)),
        *((code, "provider_unavailable") for code in (20503, 21730)),
        *((code, "blocked") for code in (30004, 63014)),
        *((code, "invalid_recipient") for code in (21211, 21265, 21266, 63031)),
        *((code, "channel_refused") for code in (21910, 30016, 63036)),
        *((code, "sender_refused") for code in (21601, 21709, 21711, 21715, 63007, 63035)),
        *((code, "media_not_possible") for code in (21621, 21622, 30011)),
        *((code, "media_refused") for code in (30019, 63019)),
        *((code, "text_refused") for code in (63005, 63021)),
        *((code, "filtered") for code in (30007, 30038, 63013)),
        (30410, "carrier_silent"),
    ],
)
def test_twilios_reasons_are_reported_for_what_they_are(code: int, failure: str) -> None:
    assert from_callback(str(code)).code == failure
    assert from_answer(400, code, None).code == failure
