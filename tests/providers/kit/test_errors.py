"""Every documented error of a provider has a blame, an outcome and a true sentence."""

import re
from functools import cache

import httpx2
import pytest

from domain.numbers.kinds import LineKind
from providers.contract import OutgoingText, SendError, SendOutcome
from tests.providers.kit.case import Case
from tests.providers.kit.cases import EVERY, adapter_of, credentials_of, wired
from tests.providers.kit.conftest import PHONE
from tests.providers.kit.webhooks import posted

PROMISES = re.compile(r"tried|trying|retr|looked up|finding out|wait|will |later by|again by", re.I)
Told = list[tuple[str, SendError]]
ANSWERED: dict[str, Told] = {}
NOT_SENT = re.compile(r"It was not (sent|delivered)\. Send it again")
IN_DOUBT = "Ask the consumer before you send it again"


@EVERY
async def test_every_documented_code_has_its_own_meaning(case: Case) -> None:
    unknown = await in_answer(case, case.unknown_code)
    unknowns = [code for code, error in await all_in_answers(case) if error.code == unknown.code]
    unknown = in_report(case, case.unknown_code)
    unknowns += [code for code, error in all_in_reports(case) if error.code == unknown.code]
    assert unknowns == []


@EVERY
async def test_a_providers_own_code_is_kept_with_every_failure(case: Case) -> None:
    for code, error in (*await all_in_answers(case), *all_in_reports(case)):
        assert error.provider_code == code


@EVERY
async def test_an_unknown_code_is_told_to_an_administrator_by_its_number(case: Case) -> None:
    answered = await in_answer(case, case.unknown_code)
    for error in (answered, in_report(case, case.unknown_code)):
        assert case.unknown_code in error.sentence
        assert "administrator" in error.sentence
        assert error.provider_code == case.unknown_code


@EVERY
async def test_only_the_consumers_own_word_is_an_opt_out(case: Case) -> None:
    answered = {code for code, error in await all_in_answers(case) if error.is_opt_out}
    reported = {code for code, error in all_in_reports(case) if error.is_opt_out}
    assert answered | reported == case.opt_out_codes
    assert answered <= case.opt_out_codes


@EVERY
async def test_no_sentence_promises_what_nobody_does(case: Case) -> None:
    """Agents read these sentences when a text is not tried again."""
    for _, error in (*await all_in_answers(case), *all_in_reports(case)):
        assert not PROMISES.search(error.sentence.replace("text waited", "")), error.sentence
        assert error.sentence.endswith(".")


@EVERY
async def test_the_sentence_says_whether_to_send_the_text_again(case: Case) -> None:
    for _, error in (*await all_in_answers(case), *all_in_reports(case)):
        was_not_sent = error.outcome is SendOutcome.not_processed
        assert bool(NOT_SENT.search(error.sentence)) is was_not_sent, error.sentence
        is_in_doubt = error.outcome is SendOutcome.ambiguous
        assert (IN_DOUBT in error.sentence) is is_in_doubt, error.sentence


async def all_in_answers(case: Case) -> Told:
    """Return why texts failed, for each documented code, asked once."""
    if case.name not in ANSWERED:
        codes = case.answer_codes or case.codes
        ANSWERED[case.name] = [(code, await in_answer(case, code)) for code in codes]
    return ANSWERED[case.name]


@cache
def all_in_reports(case: Case) -> Told:
    return [(code, in_report(case, code)) for code in case.report_codes or case.codes]


async def in_answer(case: Case, code: str) -> SendError:
    """Return why a text failed, from the provider's answer with a code."""
    answer = case.refusal(code)
    transport = httpx2.MockTransport(
        lambda _: httpx2.Response(answer.status, text=answer.body, headers=answer.headers)
    )
    text = OutgoingText("ours", case.line, LineKind.long_code, PHONE, "Hello", "https://sms.test/")
    with pytest.raises(SendError) as raised:
        await wired(case, transport).send(text, credentials_of(case).at("https://api.test"))
    return raised.value


def in_report(case: Case, code: str) -> SendError:
    """Return why a text failed, from a report with a code."""
    request = posted(case, case.failed_report(code), is_report=True, message_id="ours")
    [report] = adapter_of(case).read(request).reports
    assert report.failure is not None
    return report.failure
