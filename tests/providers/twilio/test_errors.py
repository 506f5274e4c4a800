import re
from collections.abc import Iterator

import pytest

from providers.contract import Blame, SendError, SendOutcome
from providers.failures import VERDICTS, Failure, failed
from providers.twilio.adapter import accepted
from providers.twilio.errors import FAILURES, from_answer, from_callback
from providers.twilio.rest import MessageResource

SID = "SM0b6e2697aae04182a9f5b5c7a8994c7f"


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
        (400, 21211, SendOutcome.refused),
        (400, 21610, SendOutcome.refused),
        (400, 99999, SendOutcome.refused),
        (400, None, SendOutcome.refused),
        (401, 20003, SendOutcome.refused),
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


def every_failure() -> Iterator[SendError]:
    """Return every failure in every way it can be reported."""
    codes = [*FAILURES, 39999]
    for code in codes:
        yield from_callback(str(code))
        for status in (400, 401, 403, 404, 408, 429, 500, 502, 503):
            yield from_answer(status, code, None)
        word = {"sid": SID, "status": "failed", "error_code": code}
        found = accepted(MessageResource.model_validate(word)).failure
        assert found is not None
        yield found
    for status in (302, 400, 401, 404, 408, 429, 500, 503):
        yield from_answer(status, None, None)
    yield from_callback(None)
    yield from (failed(failure) for failure in Failure)


PROMISES = re.compile(r"tried|trying|retr|looked up|finding out|wait|will |later by|again by", re.I)


def test_no_sentence_promises_what_nobody_does() -> None:
    """Agents read these sentences when a text is not tried again."""
    for failure in every_failure():
        assert not PROMISES.search(failure.sentence.replace("text waited", "")), failure.sentence


def test_the_agent_is_asked_to_send_again_a_text_that_was_not_sent() -> None:
    for failure in every_failure():
        says_so = re.search(r"It was not (sent|delivered)\. Send it again", failure.sentence)
        assert bool(says_so) == (failure.outcome is SendOutcome.not_processed), failure.sentence


def test_a_text_that_may_have_been_sent_is_looked_up_before_it_is_sent_again() -> None:
    for failure in every_failure():
        says_so = "Ask the consumer before you send it again" in failure.sentence
        assert says_so == (failure.outcome is SendOutcome.ambiguous), failure.sentence


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


def test_only_the_consumers_own_word_is_an_opt_out() -> None:
    assert [code for code in FAILURES if from_callback(str(code)).is_opt_out] == [21610]
