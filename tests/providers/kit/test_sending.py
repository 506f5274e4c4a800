"""A text leaves once, and every failure says whether it may have left, and who must act."""

import asyncio
from collections.abc import AsyncIterator, Callable
from itertools import permutations

import httpx2
import pytest

from domain.delivery.message_status import MessageStatus
from domain.delivery.statuses import NOT_DELIVERED, is_final
from domain.numbers.kinds import LineKind
from domain.text.limits import OUTGOING
from providers.contract import Blame, OutgoingText, Reach, SendError, SendOutcome
from tests.providers.kit.case import Case
from tests.providers.kit.cases import EVERY, credentials_of, other_credentials_of, wired
from tests.providers.kit.conftest import PHONE, Simulated, settled

REFUSED, LATER, IN_DOUBT = SendOutcome.refused, SendOutcome.not_processed, SendOutcome.ambiguous
HTML = "<!doctype html><title>Not what you asked for</title>"
CHUNK = b"x" * 65536
CHUNKS = 4096
"""A quarter of a gigabyte, which nobody reads."""


@EVERY
async def test_a_text_is_sent_once_and_its_reports_settle_it(simulated: Simulated) -> None:
    accepted = await simulated.send()
    assert not is_final(accepted.status)
    reports = await simulated.reports(MessageStatus.delivered)
    [message] = simulated.taken
    assert message.sid == accepted.provider_message_id
    assert (message.sender, message.recipient) == (simulated.case.line, PHONE)
    assert message.body == "Hello 🙂"
    for report in reports:
        assert report.provider_message_id == accepted.provider_message_id
        assert report.message_id == "ours", "it settles a text whose answer was lost"
    for order in permutations(reports):
        assert settled(list(order)) is MessageStatus.delivered, "a status never goes back"


@EVERY
async def test_a_text_that_did_not_arrive_says_why(simulated: Simulated) -> None:
    opt_outs = simulated.case.opt_out_codes
    code = next(iter((*sorted(opt_outs), *simulated.case.codes)))
    simulated.plan("undelivered", error_code=code)
    await simulated.send()
    [*_, last] = await simulated.reports(*NOT_DELIVERED)
    assert last.failure is not None
    assert last.failure.is_opt_out == (code in opt_outs)
    assert last.provider_code == last.failure.provider_code == code


@EVERY
@pytest.mark.parametrize(
    ("fault", "outcome", "is_taken"),
    [
        ({"kind": "answer_lost"}, IN_DOUBT, True),
        ({"kind": "answer_lost", "answer": "error"}, IN_DOUBT, True),
        ({"kind": "reset_after_taking"}, IN_DOUBT, True),
        ({"kind": "reset_before_taking"}, IN_DOUBT, False),
        ({"kind": "server_error"}, IN_DOUBT, False),
        ({"kind": "server_error", "body": "plain"}, IN_DOUBT, False),
        ({"kind": "unavailable", "body": "plain"}, IN_DOUBT, False),
        ({"kind": "too_many_requests"}, LATER, False),
    ],
    ids=lambda value: "-".join(value.values()) if isinstance(value, dict) else None,
)
async def test_a_fault_on_the_way_says_whether_the_text_may_have_left(
    simulated: Simulated, fault: dict[str, str], outcome: SendOutcome, is_taken: bool
) -> None:
    simulated.plan(**fault)
    with pytest.raises(SendError) as raised:
        await simulated.send()
    assert raised.value.outcome is outcome
    assert bool(simulated.taken) is is_taken
    if is_taken:
        reports = await simulated.reports(MessageStatus.delivered)
        assert {report.message_id for report in reports} == {"ours"}


@EVERY
async def test_a_provider_that_is_sent_too_much_says_when_to_try_again(
    simulated: Simulated,
) -> None:
    simulated.plan("too_many_requests", retry_after=7)
    with pytest.raises(SendError) as raised:
        await simulated.send()
    assert raised.value.outcome is LATER
    assert raised.value.blame is Blame.provider
    assert raised.value.retry_after == 7.0
    assert (await simulated.send()).provider_message_id


@EVERY
async def test_a_provider_that_is_away_has_certainly_sent_nothing(simulated: Simulated) -> None:
    nobody = credentials_of(simulated.case).at("http://127.0.0.1:1")
    with pytest.raises(SendError) as raised:
        await simulated.adapter.send(simulated.text(), nobody)
    assert raised.value.outcome is LATER


@EVERY
async def test_wrong_credentials_are_for_an_administrator(simulated: Simulated) -> None:
    others = simulated.at(other_credentials_of(simulated.case))
    with pytest.raises(SendError) as raised:
        await simulated.adapter.send(simulated.text(), others)
    assert (raised.value.outcome, raised.value.blame) == (LATER, Blame.configuration)
    assert raised.value.reach is Reach.connector
    assert "administrator" in raised.value.sentence
    assert simulated.taken == []


@EVERY
async def test_a_suspended_account_is_for_an_administrator(case: Case) -> None:
    error = await failed_by(case, answering(*raw(case)))
    assert (error.outcome, error.blame) == (LATER, Blame.configuration)
    assert error.reach is Reach.connector
    assert "administrator" in error.sentence


@EVERY
async def test_a_suspended_account_can_be_played(simulated: Simulated) -> None:
    simulated.plan("suspended")
    with pytest.raises(SendError) as raised:
        await simulated.send("Hello")
    assert raised.value.reach is Reach.connector
    assert simulated.taken == []
    await simulated.send("Hello")
    assert len(simulated.taken) == 1


@EVERY
@pytest.mark.parametrize("words", ["x", "🙂"])
async def test_a_text_is_as_long_as_the_provider_says(simulated: Simulated, words: str) -> None:
    longest = simulated.adapter.description.capabilities.longest_text
    await simulated.send(words * (longest // (2 if words == "🙂" else 1)))
    assert len(simulated.taken) == 1


@EVERY
@pytest.mark.parametrize("words", ["x" * OUTGOING, "🙂" * (OUTGOING // 2)], ids=["x", "emoji"])
async def test_the_longest_text_of_an_agent_is_sent_whole_or_refused_as_too_long(
    simulated: Simulated, words: str
) -> None:
    refused: SendError | None = None
    try:
        await simulated.send(words)
    except SendError as error:
        refused = error
    assert [message.body for message in simulated.taken] == ([] if refused else [words])
    if refused:
        assert (refused.outcome, refused.blame) == (REFUSED, Blame.content)
        assert "Shorten" in refused.sentence


@EVERY
@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        *((success, body, IN_DOUBT) for success in (200, 201, 202) for body in ("", HTML, "{}")),
        (201, "[" * 100_000, IN_DOUBT),
        (201, "\ufeff\0", IN_DOUBT),
        *((status, HTML, IN_DOUBT) for status in (301, 302, 408, 500, 502, 503, 504, 520)),
        *((status, HTML, REFUSED) for status in (400, 403, 404, 413)),
        (401, HTML, LATER),
        (429, HTML, LATER),
    ],
)
async def test_an_odd_answer_says_whether_the_text_may_have_left(
    case: Case, status: int, body: str, outcome: SendOutcome
) -> None:
    headers = {"Location": "http://evil.example/", "Retry-After": "soon"}
    error = await failed_by(case, answering(status, body, headers))
    assert error.outcome is outcome
    assert error.retry_after is None
    assert error.sentence.endswith(".")


@EVERY
@pytest.mark.parametrize(
    ("broken", "outcome"),
    [
        (httpx2.ConnectError("refused"), LATER),
        (httpx2.ConnectTimeout("slow"), LATER),
        (httpx2.PoolTimeout("busy"), LATER),
        (httpx2.ReadTimeout("slow"), IN_DOUBT),
        (httpx2.WriteError("reset"), IN_DOUBT),
        (httpx2.ReadError("reset"), IN_DOUBT),
        (httpx2.RemoteProtocolError("closed"), IN_DOUBT),
        (httpx2.UnsupportedProtocol("ftp"), LATER),
        (TimeoutError(), IN_DOUBT),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
async def test_a_broken_line_says_whether_the_text_may_have_left(
    case: Case, broken: Exception, outcome: SendOutcome
) -> None:
    def fail(request: httpx2.Request) -> httpx2.Response:
        raise broken

    assert (await failed_by(case, fail)).outcome is outcome


@EVERY
async def test_an_answer_that_never_ends_is_waited_for_in_vain_for_ten_seconds_only(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits: list[float] = []
    plain, ours = asyncio.timeout, asyncio.current_task()

    def hurried(seconds: float | None) -> asyncio.Timeout:
        if asyncio.current_task() is not ours:  # of a fixture that other tests share
            return plain(seconds)
        limits.append(seconds or 0)
        return plain(0.05)

    monkeypatch.setattr(asyncio, "timeout", hurried)

    async def trickle() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.01)

    error = await failed_by(case, lambda _: httpx2.Response(201, content=trickle()))
    assert error.outcome is IN_DOUBT
    assert limits == [10.0]


@EVERY
@pytest.mark.parametrize("encoding", ["", "gzip"])
async def test_an_answer_without_end_is_not_read_to_it(case: Case, encoding: str) -> None:
    read = 0

    async def flood() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(CHUNKS):
            read += 1
            yield CHUNK

    headers = {"Content-Encoding": encoding} if encoding else {}
    answer = httpx2.Response(201, content=flood(), headers=headers)
    assert (await failed_by(case, lambda _: answer)).outcome is IN_DOUBT
    assert read < CHUNKS / 8


async def failed_by(case: Case, handler: Callable[[httpx2.Request], httpx2.Response]) -> SendError:
    """Return why a text failed, with a provider that behaves like `handler`."""
    adapter = wired(case, httpx2.MockTransport(handler))
    text = OutgoingText("ours", case.line, LineKind.long_code, PHONE, "Hello", "https://sms.test/")
    with pytest.raises(SendError) as raised:
        await adapter.send(text, credentials_of(case).at("https://api.test"))
    return raised.value


def answering(
    status: int, body: str, headers: dict[str, str] | None = None
) -> Callable[[httpx2.Request], httpx2.Response]:
    return lambda _: httpx2.Response(status, text=body, headers=headers)


def raw(case: Case) -> tuple[int, str]:
    return case.suspended.status, case.suspended.body
