"""What only Telnyx does: its requests, its keys, its keywords."""

import json
from collections.abc import Callable

import httpx2
import pytest

from domain.consent.keyword import Keyword
from domain.delivery.message_status import MessageStatus
from domain.errors import Invalid
from domain.numbers.kinds import LineKind
from providers.contract import Accepted, OutgoingText, SendError, SendOutcome, WebhookRequest
from providers.credentials import filled_in
from providers.telnyx.adapter import Telnyx
from providers.telnyx.description import TelnyxCredentials
from providers.telnyx.signature import refuse_unsigned
from providers.telnyx.simulator.keys import public_key, signed_headers
from tests.providers.telnyx.case import CONSUMER, LINE, OURS

CREDENTIALS = TelnyxCredentials(api_key="KEY1", public_key=public_key("KEY1"))
BACK = "https://sms.example.org/webhooks/telnyx/line/events?mid=ours"
TEXT = OutgoingText("ours", LINE, LineKind.long_code, CONSUMER, "Hello 🙂", BACK)


def telnyx(handler: Callable[[httpx2.Request], httpx2.Response]) -> Telnyx:
    return Telnyx(httpx2.AsyncClient(transport=httpx2.MockTransport(handler)))


def answering(status: int, body: object) -> Telnyx:
    return telnyx(lambda _: httpx2.Response(status, json=body))


async def test_a_text_is_posted_once_with_the_address_for_its_reports() -> None:
    seen: list[httpx2.Request] = []

    def take(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, json={"data": {"id": OURS, "to": [{"status": "queued"}]}})

    assert await telnyx(take).send(TEXT, CREDENTIALS) == Accepted(OURS, MessageStatus.queued)
    [request] = seen
    assert (request.method, str(request.url)) == ("POST", "https://api.telnyx.com/v2/messages")
    assert request.headers["Authorization"] == "Bearer KEY1"
    assert json.loads(request.content) == {
        "from": LINE,
        "to": CONSUMER,
        "text": "Hello 🙂",
        "webhook_url": BACK,
    }


@pytest.mark.parametrize(
    ("message", "status", "failure"),
    [
        ({"id": OURS}, MessageStatus.queued, None),
        ({"id": OURS, "to": [{"status": "sent"}], "errors": None}, MessageStatus.sent, None),
        ({"id": OURS, "to": [{"status": "odd"}]}, MessageStatus.queued, None),
        (
            {"id": OURS, "to": [{"status": "sending_failed"}], "errors": [{"code": 40318}]},
            MessageStatus.failed,
            "queue_full",
        ),
    ],
)
async def test_an_answer_tells_the_status_and_why_a_text_failed_at_once(
    message: dict[str, object], status: MessageStatus, failure: str | None
) -> None:
    accepted = await answering(200, {"data": message}).send(TEXT, CREDENTIALS)
    assert accepted.status is status
    assert (accepted.failure.code if accepted.failure else None) == failure


@pytest.mark.parametrize("status", [500, 503, 504])
async def test_an_error_of_telnyx_itself_promises_nothing(status: int) -> None:
    problem = {"errors": [{"code": "10007", "title": "Unexpected error"}]}
    with pytest.raises(SendError) as raised:
        await answering(status, problem).send(TEXT, CREDENTIALS)
    assert raised.value.outcome is SendOutcome.ambiguous
    assert raised.value.provider_code == "10007"


@pytest.mark.parametrize(
    ("keyword", "words", "is_answered"),
    [
        (Keyword.stop, "stop ", True),
        (Keyword.stop, "Stop  all", True),
        (Keyword.stop, "quit", True),
        (Keyword.stop, "REVOKE", False),
        (Keyword.stop, "Stop!", False),
        (Keyword.stop, "ALTO", False),
        (Keyword.start, "UNSTOP", True),
        (Keyword.start, "YES", False),
        (Keyword.help, "HELP", False),
    ],
)
@pytest.mark.parametrize("kind", LineKind)
def test_telnyx_answers_its_own_words_on_every_line(
    kind: LineKind, keyword: Keyword, words: str, is_answered: bool
) -> None:
    adapter = answering(200, {})
    assert adapter.answers(kind, keyword, words, is_blocked=False) is is_answered
    assert adapter.answers(kind, keyword, words, is_blocked=True) is is_answered


def test_a_public_key_is_taken_with_and_without_its_header() -> None:
    with_header = "MCowBQYDK2VwAyEA" + public_key("KEY1")
    credentials = filled_in(TelnyxCredentials, {"api_key": "KEY1", "public_key": with_header})
    assert isinstance(credentials, TelnyxCredentials)
    body = b'{"data": {}}'
    refuse_unsigned(WebhookRequest(BACK, signed_headers(body, "KEY1"), body), credentials)


@pytest.mark.parametrize("key", ["", "KEY1", "A" * 44, "A" * 43 + "=\n", "-" * 43 + "="])
def test_what_is_no_public_key_is_refused_when_it_is_entered(key: str) -> None:
    with pytest.raises(Invalid, match="public_key"):
        filled_in(TelnyxCredentials, {"api_key": "KEY1", "public_key": key})


@pytest.mark.parametrize(
    ("told", "is_well"),
    [
        ({"data": {"public": public_key("KEY1")}}, True),
        ({"data": {"public": "MCowBQYDK2VwAyEA" + public_key("KEY1")}}, True),
        ({"errors": [{"code": "10005"}]}, True),
        ({"data": {"public": public_key("KEY2")}}, False),
    ],
    ids=["the same", "with header", "hidden", "another"],
)
async def test_a_check_says_whether_webhooks_will_be_accepted(
    told: dict[str, object], is_well: bool
) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        assert request.method == "GET", "nothing is sent"
        is_key = request.url.path == "/v2/public_key"
        return httpx2.Response(404 if "errors" in told and is_key else 200, json=told)

    taken, matches = await telnyx(answer).check(CREDENTIALS)
    assert (taken.is_well, matches.is_well) == (True, is_well)
    assert ("Copy the key" in matches.sentence) is not is_well


@pytest.mark.parametrize(
    "more",
    [
        {"media": [{"url": None}, {"content_type": "image/png"}, "x"]},
        {"media": {"url": None}},
        {"cost": {"amount": 10**4000}},
        {"cost": {"amount": {}}},
        {"errors": "none"},
        {"errors": [{"code": None}, "x"]},
        {"parts": 1.5},
        {"messaging_profile_id": 5},
        {"autoresponse_type": ["STOP"]},
        {"type": 1},
        {"cc": [7]},
        {"to": {"phone_number": LINE}},
    ],
    ids=str,
)
def test_words_are_read_whatever_else_the_message_says_of_them(more: dict[str, object]) -> None:
    parties = {"from": {"phone_number": CONSUMER}, "to": [{"phone_number": LINE}]}
    message = {"id": OURS, "text": "Hello", "type": "SMS", **parties, **more}
    event = {"data": {"event_type": "message.received", "payload": message}}
    request = WebhookRequest("https://sms.example.org", {}, json.dumps(event).encode())
    [text] = telnyx(lambda _: httpx2.Response(200)).read(request).texts
    assert (text.text, text.recipient, text.media) == ("Hello", LINE, ())


def test_a_file_without_address_takes_no_other_with_it() -> None:
    files = [{"url": None}, {"url": "https://media.telnyx.example/1.jpg"}]
    parties = {"from": {"phone_number": CONSUMER}, "to": [{"phone_number": LINE}]}
    event = {"event_type": "message.received", "payload": {"id": OURS, **parties, "media": files}}
    request = WebhookRequest("https://sms.example.org", {}, json.dumps({"data": event}).encode())
    [text] = telnyx(lambda _: httpx2.Response(200)).read(request).texts
    assert [one.url for one in text.media] == ["https://media.telnyx.example/1.jpg"]


async def test_an_answer_about_another_text_says_nothing() -> None:
    message = {"id": "another", "to": [{"status": "delivered"}]}
    with pytest.raises(SendError) as raised:
        await answering(200, {"data": message}).ask(OURS, CREDENTIALS)
    assert raised.value.outcome is SendOutcome.ambiguous
