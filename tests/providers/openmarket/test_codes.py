"""Every code that OpenMarket documents has a meaning, a blame and a sentence."""

import pytest

from domain.delivery.message_status import MessageStatus
from providers.contract import Blame, SendOutcome
from providers.openmarket.codes import FAILURES, STATUSES, failure_of, from_answer, status_of
from providers.openmarket.failures import VERDICTS, Failure, failed

IN_PROGRESS = (0, 1, 2, 3, 4, 5, 831, 2013)
OF_VERSION_4 = (341, 345, 351, 540, 607, 711, 830)
RETRYABLE = (581, 1010, 1020)
"""Of the codes that version 3 calls retryable: those that say that nothing was delivered."""
OF_THE_TABLE = (
    *(301, 303, 304, 306, 307, 310, 311, 321, 322, 323, 330, 331, *range(337, 346), 349),
    *(*range(350, 400), 400, 401, 410, 411, 420, *range(430, 435), 451, 460, 461),
    *(*range(507, 515), *range(560, 567), *range(568, 573), *range(800, 804), 810, 811, 815),
    *(1000, 1001, 1010, 1020, 1030, 2001, 2002, 2003, *range(2010, 2013), *range(2014, 2055), 2056),
    *(*range(2100, 2103), 2104, *range(2120, 2127), 3041, 3042, 4000, 4001, *range(4010, 4014)),
    *(4020, 4021, *range(4030, 4034), 4035, 4050, 4051, 4052, 4054, 4055),
)


@pytest.mark.parametrize("code", sorted({*OF_THE_TABLE, *OF_VERSION_4, *RETRYABLE}))
def test_a_documented_failure_is_known(code: int) -> None:
    failure = failure_of(str(code))
    assert failure is not None
    assert failure.code != Failure.refused
    assert failure.provider_code == str(code)
    assert status_of(str(code)) is MessageStatus.undelivered


@pytest.mark.parametrize("code", IN_PROGRESS)
def test_a_text_that_is_on_its_way_or_there_has_not_failed(code: int) -> None:
    assert failure_of(str(code)) is None
    assert status_of(str(code)) is not MessageStatus.undelivered


def test_no_code_means_two_things() -> None:
    assert not FAILURES.keys() & STATUSES.keys()


@pytest.mark.parametrize("code", RETRYABLE)
def test_what_openmarket_calls_retryable_was_not_sent(code: int) -> None:
    assert failed(FAILURES[code]).outcome is SendOutcome.not_processed


@pytest.mark.parametrize("code", ["", "four", "٤", "-1", "4.0", "9" * 40])
def test_what_is_no_code_is_a_failure_without_a_reason(code: str) -> None:
    failure = failure_of(code)
    assert failure is not None
    assert failure.code == Failure.refused
    assert len(failure.provider_code or "") <= 20


@pytest.mark.parametrize("failure", Failure)
def test_every_failure_has_a_sentence_that_promises_nothing(failure: Failure) -> None:
    verdict = VERDICTS[failure]
    assert verdict.sentence.endswith(".")
    for promise in ("We will", "is tried again", "will be"):
        assert promise not in verdict.sentence
    if verdict.outcome is SendOutcome.not_processed:
        assert "It was not" in verdict.sentence
    if verdict.outcome is SendOutcome.ambiguous:
        assert "Ask the consumer" in verdict.sentence
    if verdict.blame is Blame.configuration:
        assert "administrator" in verdict.sentence


def test_nobody_is_opted_out_by_a_code_because_none_says_so() -> None:
    assert not any(failed(failure).is_opt_out for failure in Failure)


def test_an_unknown_code_is_told_to_the_agent() -> None:
    assert "7777" in from_answer(400, "7777", None).sentence
    assert "HTTP 418" in from_answer(418, None, None).sentence
