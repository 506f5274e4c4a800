"""What is special about OpenMarket's codes; the kit tests that each has a meaning."""

import pytest

from domain.delivery.message_status import MessageStatus
from providers.contract import SendOutcome
from providers.failures import Failure, failed
from providers.openmarket.codes import FAILURES, STATUSES, failure_of, from_answer, status_of
from tests.providers.openmarket.case import CASE

IN_PROGRESS = (0, 1, 2, 3, 4, 5, 831, 2013)
RETRYABLE = (581, 1010, 1020)
"""Of the codes that version 3 calls retryable: those that say that nothing was delivered."""


@pytest.mark.parametrize("code", CASE.codes)
def test_a_documented_failure_is_the_end_of_a_text(code: str) -> None:
    assert failure_of(code) is not None
    assert status_of(code) is MessageStatus.undelivered


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


def test_a_proxys_error_is_told_by_its_status() -> None:
    assert "HTTP 418" in from_answer(418, None, None).sentence
