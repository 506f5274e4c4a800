"""What an adapter claims to find, it finds; and a failed question says nothing about the text."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from domain.delivery.message_status import MessageStatus
from domain.delivery.statuses import NOT_DELIVERED
from domain.numbers.kinds import LineKind
from providers.contract import Capabilities, Provider, SendError, SendOutcome, Sought
from providers.listing import TextsSought, lister
from simulator.lines import kind_of
from tests.providers.kit.case import Case
from tests.providers.kit.cases import EVERY, adapter_of, credentials_of, other_credentials_of, wired
from tests.providers.kit.conftest import PHONE, Simulated
from tests.providers.kit.test_sending import answering

FAILURES = (401, 404, 429, 500, 503)


@EVERY
async def test_a_text_whose_answer_was_lost_is_found_by_what_it_says(simulated: Simulated) -> None:
    if not _can(simulated.case).finds_by_number:
        return
    simulated.plan("answer_lost")
    attempted_at = datetime.now(UTC)
    with pytest.raises(SendError):
        await simulated.send()
    sought = _sought(simulated.case, attempted_at)
    found = await simulated.adapter.find(sought, simulated.credentials)
    [message] = simulated.taken
    assert found is not None
    assert found.provider_message_id == message.sid


@EVERY
async def test_another_text_is_not_mistaken_for_the_lost_one(simulated: Simulated) -> None:
    if not _can(simulated.case).finds_by_number:
        return
    accepted = await simulated.send()
    now = datetime.now(UTC)
    known = frozenset({accepted.provider_message_id})
    for other in (
        _sought(simulated.case, now, known=known),
        _sought(simulated.case, now + timedelta(minutes=1)),
        _sought(simulated.case, now, words="Hello"),
        _sought(simulated.case, now, recipient="+14155550199"),
        _sought(simulated.case, now, sender="+15550109999"),
    ):
        assert await simulated.adapter.find(other, simulated.credentials) is None


@EVERY
async def test_a_consumers_text_is_listed_as_its_webhook_tells_of_it(simulated: Simulated) -> None:
    lists = lister(simulated.adapter)
    assert (lists is not None) is _can(simulated.case).lists_texts
    if lists is None:
        return
    line = simulated.carrier.lines.get(simulated.case.line)
    assert line is not None
    begun = datetime.now(UTC) - timedelta(seconds=1)
    picture = ("https://example.test/cat.jpg",) if _can(simulated.case).takes_media else ()
    for words, media in (("Hello 🙂", ()), ("Look", picture)):
        await simulated.carrier.text(PHONE, line, words, media)
    posted = [simulated.adapter.read(one).texts[0] for one in simulated.posted]
    sought = TextsSought(simulated.case.line, LineKind(kind_of(line.number).value), begun)
    page = await lists.list_texts(sought, simulated.credentials)
    assert page.next_page is None
    for listed, told in zip(page.texts, reversed(posted), strict=True):
        text = listed.text
        assert (text.provider_message_id, text.text) == (told.provider_message_id, told.text)
        assert (text.sender, text.recipient) == (told.sender, told.recipient)
        assert listed.sent_at >= begun - timedelta(seconds=1)
        assert listed.has_media is bool(told.media)
        media_of = await lists.media_of(text.provider_message_id, simulated.credentials)
        assert [one.content_type for one in media_of] == [one.content_type for one in told.media]


@EVERY
@pytest.mark.parametrize("status", FAILURES)
async def test_a_list_that_cannot_be_read_is_an_error_and_not_empty(
    case: Case, status: int
) -> None:
    lists = lister(wired(case, httpx2.MockTransport(answering(status, "<html>"))))
    if lists is None:
        return
    sought = TextsSought(case.line, LineKind.long_code, datetime.now(UTC))
    with pytest.raises(SendError):
        await lists.list_texts(sought, credentials_of(case).at("https://api.test"))


@EVERY
async def test_the_status_of_a_text_is_found_by_its_id(simulated: Simulated) -> None:
    if not _can(simulated.case).finds_by_id:
        return
    accepted = await simulated.send()
    await simulated.reports(MessageStatus.delivered)
    found = await simulated.adapter.ask(accepted.provider_message_id, simulated.credentials)
    assert found.provider_message_id == accepted.provider_message_id
    assert (found.status, found.failure) == (MessageStatus.delivered, None)


@EVERY
async def test_a_text_found_by_its_id_says_why_it_failed(simulated: Simulated) -> None:
    if not _can(simulated.case).finds_by_id:
        return
    code = simulated.case.codes[0]
    simulated.plan("undelivered", error_code=code)
    accepted = await simulated.send()
    await simulated.reports(*NOT_DELIVERED)
    found = await simulated.adapter.ask(accepted.provider_message_id, simulated.credentials)
    assert found.status in NOT_DELIVERED
    assert found.failure is not None
    assert found.failure.provider_code == code


@EVERY
async def test_an_unknown_id_says_nothing_about_a_text(simulated: Simulated) -> None:
    if not _can(simulated.case).finds_by_id:
        return
    for name in ("00000000-0000-4000-8000-000000000000", "../messages", "", "?a=b#c"):
        with pytest.raises(SendError) as raised:
            await simulated.adapter.ask(name, simulated.credentials)
        assert raised.value.outcome is SendOutcome.ambiguous


@EVERY
@pytest.mark.parametrize("status", FAILURES)
async def test_a_failed_question_leaves_the_text_in_doubt(case: Case, status: int) -> None:
    adapter = wired(case, httpx2.MockTransport(answering(status, "<html>")))
    for error in await _failed(case, adapter):
        assert error.outcome is SendOutcome.ambiguous


@EVERY
async def test_a_question_that_is_not_answered_leaves_the_text_in_doubt(case: Case) -> None:
    def refuse(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused", request=request)

    for error in await _failed(case, wired(case, httpx2.MockTransport(refuse))):
        assert error.outcome is SendOutcome.ambiguous


@EVERY
async def test_good_credentials_are_well_and_checking_them_sends_nothing(
    simulated: Simulated,
) -> None:
    findings = await simulated.adapter.check(simulated.credentials)
    described = simulated.adapter.description.checks
    assert [one.check for one in findings] == list(described)
    assert all(one.is_well and not one.sentence for one in findings)
    assert simulated.taken == []


@EVERY
async def test_wrong_credentials_are_reported_with_what_to_do(simulated: Simulated) -> None:
    others = simulated.at(other_credentials_of(simulated.case))
    findings = await simulated.adapter.check(others)
    assert [one.check for one in findings] == list(simulated.adapter.description.checks)
    assert any(not one.is_well for one in findings)
    for one in findings:
        assert one.is_well or one.sentence.endswith(".")


@EVERY
@pytest.mark.parametrize("status", [301, 500, 503])
async def test_a_provider_out_of_order_is_reported_and_never_an_error(
    case: Case, status: int
) -> None:
    adapter = wired(case, httpx2.MockTransport(answering(status, "<html>")))
    findings = await adapter.check(credentials_of(case).at("https://api.test"))
    assert [one.check for one in findings] == list(adapter.description.checks)
    assert any(not one.is_well for one in findings)


async def _failed(case: Case, adapter: Provider) -> list[SendError]:
    """Return the errors of every question that the provider claims to answer."""
    can, errors = adapter.description.capabilities, []
    credentials = credentials_of(case).at("https://api.test")
    if can.finds_by_number:
        with pytest.raises(SendError) as raised:
            await adapter.find(_sought(case, datetime.now(UTC)), credentials)
        errors.append(raised.value)
    if can.finds_by_id:
        with pytest.raises(SendError) as raised:
            await adapter.ask("some-id", credentials)
        errors.append(raised.value)
    return errors


def _sought(
    case: Case,
    attempted_at: datetime,
    *,
    words: str = "Hello 🙂",
    sender: str | None = None,
    recipient: str = PHONE,
    known: frozenset[str] = frozenset(),
) -> Sought:
    kind = LineKind(kind_of(case.line).value)
    return Sought(sender or case.line, kind, recipient, words, attempted_at, known)


def _can(case: Case) -> Capabilities:
    return adapter_of(case).description.capabilities
