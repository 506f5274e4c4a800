"""Handing texts over, and asking what became of them."""

import json
from collections.abc import Callable
from dataclasses import replace

import httpx2
import pytest

from domain.consent.keyword import Keyword
from domain.delivery.message_status import MessageStatus
from domain.numbers.kinds import LineKind
from providers.billing import Billing
from providers.contract import Accepted, OutgoingText, SendError, SendOutcome
from providers.openmarket.adapter import OpenMarket
from providers.openmarket.authentication import receipt_url
from tests.providers.openmarket.recorded import CREDENTIALS, TEXT, TICKET, openmarket

LOCATION = {"Location": f"https://smsc.openmarket.com/sms/v4/mt/{TICKET}"}
PAGE = "<!DOCTYPE html><html><body>Bad gateway</body></html>"
Handler = Callable[[httpx2.Request], httpx2.Response]


def handled(handler: Handler) -> OpenMarket:
    return openmarket(httpx2.MockTransport(handler))


def answering(status: int, **rest: object) -> OpenMarket:
    return handled(lambda _: httpx2.Response(status, **rest))  # type: ignore[arg-type]


def error(code: object, description: str = "It was refused") -> dict[str, object]:
    return {"error": {"code": code, "description": description}}


async def posted(text: OutgoingText, **change: object) -> httpx2.Request:
    """Return the request with which a text is handed over."""
    seen: list[httpx2.Request] = []

    def take(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(202, headers=LOCATION)

    await handled(take).send(text, CREDENTIALS.model_copy(update=change))
    [request] = seen
    return request


async def refusal(adapter: OpenMarket) -> SendError:
    with pytest.raises(SendError) as raised:
        await adapter.send(TEXT, CREDENTIALS)
    return raised.value


async def test_a_text_is_handed_over_once_as_json() -> None:
    request = await posted(TEXT)
    assert str(request.url) == "https://smsc.openmarket.com/sms/v4/mt"
    assert request.headers["Content-Type"] == "application/json; charset=UTF-8"
    log_in = httpx2.BasicAuth("123-456-789-12345", "password-of-the-api")
    assert request.headers["Authorization"] == log_in._auth_header
    assert json.loads(request.content) == {
        "mobileTerminate": {
            "options": {"note1": TEXT.message_id},
            "source": {"ton": 3, "address": "222111"},
            "destination": {"address": "12515550145"},
            "message": {"content": "Hello 🙂", "type": "text", "mlc": "segment"},
            "delivery": {
                "receiptRequested": "final",
                "url": receipt_url(TEXT.callback_url, TEXT.message_id, CREDENTIALS),
            },
        }
    }


async def test_a_long_code_a_pool_and_a_program_are_named_as_openmarket_wants_them() -> None:
    line = replace(TEXT, sender="+15550100001", sender_kind=LineKind.toll_free)
    request = await posted(line, program_id="1234")
    document = json.loads(request.content)["mobileTerminate"]
    assert document["source"] == {"ton": 1, "address": "15550100001"}
    assert document["options"]["programId"] == "1234"
    pool = json.loads((await posted(replace(TEXT, sender_kind=LineKind.service))).content)
    assert "source" not in pool["mobileTerminate"]
    assert pool["mobileTerminate"]["interaction"] == "two-way"


async def test_an_accepted_text_is_known_by_its_ticket() -> None:
    accepted = await answering(202, headers=LOCATION).send(TEXT, CREDENTIALS)
    assert accepted == Accepted(TICKET, MessageStatus.queued)


@pytest.mark.parametrize(
    ("status", "rest", "code", "outcome"),
    [
        (400, {"json": error("540")}, "request_refused", SendOutcome.refused),
        (400, {"json": error(351)}, "invalid_recipient", SendOutcome.refused),
        (400, {"text": '<error code="355" description=""/>'}, "text_too_long", SendOutcome.refused),
        (400, {"json": {"code": "561"}}, "filtered", SendOutcome.refused),
        (400, {"json": error("9999")}, "refused", SendOutcome.refused),
        (400, {"text": PAGE}, "refused", SendOutcome.refused),
        (401, {"text": PAGE}, "account_refused", SendOutcome.not_processed),
        (403, {"json": error(432, "")}, "account_refused", SendOutcome.not_processed),
        (404, {}, "access_refused", SendOutcome.refused),
        (429, {"text": PAGE}, "rate_limited", SendOutcome.not_processed),
        (503, {"json": error(1010)}, "provider_unavailable", SendOutcome.not_processed),
        (500, {"json": error(1020)}, "provider_unavailable", SendOutcome.not_processed),
        (500, {"json": error(1000)}, "no_answer", SendOutcome.ambiguous),
        (502, {"text": PAGE}, "no_answer", SendOutcome.ambiguous),
        (503, {"text": PAGE}, "no_answer", SendOutcome.ambiguous),
        (504, {}, "no_answer", SendOutcome.ambiguous),
        (408, {}, "no_answer", SendOutcome.ambiguous),
        (301, {"headers": LOCATION}, "no_answer", SendOutcome.ambiguous),
        (202, {}, "no_answer", SendOutcome.ambiguous),
        (202, {"headers": {"Location": "/"}}, "no_answer", SendOutcome.ambiguous),
        (202, {"headers": {"Location": "http://[/x y"}}, "no_answer", SendOutcome.ambiguous),
        (200, {"text": PAGE}, "no_answer", SendOutcome.ambiguous),
        (200, {"json": error(353)}, "text_refused", SendOutcome.refused),
        (200, {"content": b"\xff" * 100_000}, "no_answer", SendOutcome.ambiguous),
    ],
)
async def test_an_answer_says_whether_the_text_was_taken(
    status: int, rest: dict[str, object], code: str, outcome: SendOutcome
) -> None:
    raised = await refusal(answering(status, **rest))
    assert (raised.code, raised.outcome) == (code, outcome)


async def test_openmarket_may_say_how_long_to_wait() -> None:
    slow = await refusal(answering(429, headers={"Retry-After": "7"}, json=error(1010)))
    assert (slow.retry_after, slow.provider_code) == (7, "1010")
    for nonsense in ("soon", "nan", "-1", "inf"):
        answer = answering(429, headers={"Retry-After": nonsense})
        assert (await refusal(answer)).retry_after is None


def status(code: object, *parts: object) -> dict[str, object]:
    segments = [{"segmentNumber": n, "code": part} for n, part in enumerate(parts, start=1)]
    return {"messageStatus": {"ticketId": TICKET, "code": code, "segments": segments}}


@pytest.mark.parametrize(
    ("body", "expected", "failure"),
    [
        (status("4"), MessageStatus.delivered, None),
        (status(0, 0), MessageStatus.delivered, None),
        (status(2), MessageStatus.sending, None),
        (status(3), MessageStatus.sent, None),
        (status("831", 4, 3), MessageStatus.sent, None),
        (status("830", 4, 508), MessageStatus.undelivered, "unreachable"),
        (status("830"), MessageStatus.undelivered, "part_not_delivered"),
        (status("560", 560, 560), MessageStatus.undelivered, "blocked"),
        (status(None, 4, 4), MessageStatus.delivered, None),
        (status(None, 4, 3), MessageStatus.sent, None),
        (status(None, 4, 811), MessageStatus.undelivered, "expired_on_the_way"),
        ({"ticketId": TICKET, "status": {"code": 4}}, MessageStatus.delivered, None),
        (
            {"segments": [{"segmentNumber": 1, "status": {"code": 4}}]},
            MessageStatus.delivered,
            None,
        ),
    ],
)
async def test_a_ticket_tells_what_became_of_the_whole_text(
    body: dict[str, object], expected: MessageStatus, failure: str | None
) -> None:
    found = await answering(200, json=body).ask(TICKET, CREDENTIALS)
    assert (found.provider_message_id, found.status) == (TICKET, expected)
    assert (found.failure.code if found.failure else None) == failure


@pytest.mark.parametrize(
    ("body", "billing"),
    [
        (status("4", 4, 4, 4), Billing(3)),
        ({"ticketId": TICKET, "totalSegments": 2, "code": 4}, Billing(2)),
        (status("4"), None),
    ],
)
async def test_a_ticket_tells_how_many_segments_are_billed(
    body: dict[str, object], billing: Billing | None
) -> None:
    assert (await answering(200, json=body).ask(TICKET, CREDENTIALS)).billing == billing


async def test_a_status_in_xml_is_read_as_well() -> None:
    body = f'<messageStatus ticketId="{TICKET}" code="4" xmlns="https://sms.openmarket.com/v4/mt"/>'
    found = await answering(200, text=body).ask(TICKET, CREDENTIALS)
    assert found.status is MessageStatus.delivered


async def test_a_ticket_is_asked_about_at_its_own_address_or_the_connectors() -> None:
    seen: list[str] = []

    def take(request: httpx2.Request) -> httpx2.Response:
        seen.append(str(request.url))
        return httpx2.Response(200, json=status(4))

    await handled(take).ask(TICKET, CREDENTIALS)
    await handled(take).ask(TICKET, CREDENTIALS.at("http://127.0.0.1:8010/"))
    assert seen == [
        f"https://mtstatus.openmarket.com/sms/v4/mt/{TICKET}/status",
        f"http://127.0.0.1:8010/sms/v4/mt/{TICKET}/status",
    ]


@pytest.mark.parametrize(
    "adapter",
    [
        answering(400, json=error(711)),
        answering(404, json=error(2047)),
        answering(200, json=error(711)),
        answering(401),
        answering(500, text=PAGE),
        answering(200, text=PAGE),
        answering(200, text="<html><body>OK</body></html>"),
        answering(200, json={}),
        answering(429),
    ],
)
async def test_a_question_without_an_answer_says_nothing_about_the_text(
    adapter: OpenMarket,
) -> None:
    with pytest.raises(SendError) as raised:
        await adapter.ask(TICKET, CREDENTIALS)
    assert raised.value.outcome is SendOutcome.ambiguous


async def test_nothing_is_asked_with_an_id_that_is_no_ticket() -> None:
    with pytest.raises(SendError):
        await answering(200, json=status(4)).ask("../../accounts", CREDENTIALS)


@pytest.mark.parametrize(
    ("adapter", "is_well", "told"),
    [
        (answering(404, json=error(2047)), True, ""),
        (answering(404), True, ""),
        (answering(400, json=error(711)), True, ""),
        (answering(401), False, "account ID"),
        (answering(403, json=error(432)), False, "account ID"),
        (answering(400, json=error(2101)), False, "account ID"),
        (answering(404, html=PAGE), False, "did not answer"),
        (answering(200, html=PAGE), False, "did not answer"),
        (answering(502, text=PAGE), False, "did not answer"),
    ],
)
async def test_credentials_are_checked_without_sending_anything(
    adapter: OpenMarket, is_well: bool, told: str
) -> None:
    [finding] = await adapter.check(CREDENTIALS)
    assert finding.is_well is is_well
    assert told in finding.sentence


async def test_an_unreachable_openmarket_is_found_by_the_check() -> None:
    def fail(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    [finding] = await handled(fail).check(CREDENTIALS)
    assert not finding.is_well


@pytest.mark.parametrize("kind", LineKind)
@pytest.mark.parametrize("keyword", Keyword)
def test_openmarket_answers_no_keyword_itself(kind: LineKind, keyword: Keyword) -> None:
    assert not openmarket().answers(kind, keyword, "STOP", is_blocked=False)
    assert not openmarket().description.capabilities.confirms_opt_outs


async def test_an_answer_about_another_ticket_says_nothing() -> None:
    other = {"messageStatus": {"ticketId": "99999-11111-22222-33333", "code": "4"}}
    with pytest.raises(SendError) as raised:
        await answering(200, json=other).ask(TICKET, CREDENTIALS)
    assert raised.value.outcome is SendOutcome.ambiguous
