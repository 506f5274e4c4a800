"""The simulator speaks OpenMarket's protocol: texts and their parts, tickets, receipts, faults."""

import json
from itertools import pairwise

import pytest
from smpplib import gsm

from domain.delivery.message_status import MessageStatus
from providers.contract import SendError, SendOutcome
from providers.openmarket.simulator.parts import header, parts_of
from simulator.app import create_simulator
from tests.providers.openmarket.served import (
    ACCOUNT,
    LINE,
    OURS,
    PASSWORD,
    PHONE,
    Brand,
    Carrier,
    settings,
)

LONG = "A long story, told in many parts. " * 12
EMOJI = "Ça va? 🙂 " * 20
LOG_IN = (ACCOUNT, PASSWORD)


@pytest.mark.parametrize(
    "options",
    [
        *("", "format=json", "format=xml", "format=v3", "charset=utf-16-be"),
        *("format=xml&charset=utf-16-be", "format=v3&charset=utf-16-be"),
    ],
)
@pytest.mark.parametrize("words", ["Hello", "Two\nlines & <b> 'quoted'", "🙂 Grüße €"])
async def test_a_text_arrives_in_the_form_that_the_line_asks_for(
    carrier: Carrier, brand: Brand, options: str, words: str
) -> None:
    await carrier.line(options)
    sent = await carrier.text(words)
    [text] = brand.texts
    assert (text.sender, text.recipient, text.text) == (PHONE, LINE, words)
    assert (text.part, text.provider_message_id) == (None, sent["sid"])


@pytest.mark.parametrize("options", ["", "format=xml&reference=16", "format=v3", "reference=16"])
@pytest.mark.parametrize("words", [LONG, EMOJI])
async def test_a_long_text_arrives_in_parts(
    carrier: Carrier, brand: Brand, options: str, words: str
) -> None:
    await carrier.line(options)
    await carrier.text(words)
    assert "".join(text.text for text in brand.texts) == words
    places = [text.part for text in brand.texts if text.part]
    assert [(part.number, part.total) for part in places] == [(1, 3), (2, 3), (3, 3)]
    assert len({part.reference for part in places}) == 1
    assert len(places[0].reference) == (4 if "16" in options else 2)
    assert len({text.provider_message_id for text in brand.texts}) == len(brand.texts)
    await carrier.text(words)
    assert brand.texts[0].part != brand.texts[-1].part


async def test_parts_come_out_of_order_doubled_and_not_at_all(
    carrier: Carrier, brand: Brand
) -> None:
    await carrier.fault("reordered_parts")
    await carrier.text(LONG)
    assert [text.part.number for text in brand.texts if text.part] == [3, 2, 1]
    brand.texts.clear()
    await carrier.fault("webhook_three_times")
    await carrier.text(LONG)
    assert len(brand.texts) == 9
    assert len({text.provider_message_id for text in brand.texts}) == 3
    brand.texts.clear()
    await carrier.fault("lost_part")
    await carrier.text(LONG)
    assert [text.part.number for text in brand.texts if text.part] == [1, 2]


def test_parts_are_cut_as_an_smpp_library_cuts_them() -> None:
    theirs, _, _ = gsm.make_parts(LONG)
    assert [part.encode() for part in parts_of(LONG)] == [part[6:] for part in theirs]
    assert header(theirs[0][3], 1, 3, has_16_bits=False) == theirs[0][:6]


def test_no_part_ends_within_a_character() -> None:
    for words in (EMOJI, "€" * 100, "🙂" * 50):
        parts = parts_of(words)
        assert "".join(parts) == words
        assert all(before for before, _ in pairwise(parts))


async def test_an_accepted_text_reaches_the_phone_and_its_receipt_us(
    carrier: Carrier, brand: Brand
) -> None:
    accepted = await carrier.adapter.send(carrier.outgoing(), carrier.credentials)
    [report] = await brand.reported(1)
    assert await carrier.on_phone() == ["Hello"]
    assert (report.provider_message_id, report.status, report.message_id, report.part) == (
        accepted.provider_message_id,
        MessageStatus.delivered,
        OURS,
        None,
    )
    assert not brand.requests[-1].header("authorization"), "receipts have no log-in"
    told = await carrier.adapter.ask(accepted.provider_message_id, carrier.credentials)
    assert told.provider_message_id == accepted.provider_message_id
    assert told.status is MessageStatus.delivered


async def test_each_part_of_a_long_text_has_its_receipt(carrier: Carrier, brand: Brand) -> None:
    await carrier.fault("reordered_callbacks")
    await carrier.fault("duplicate_callbacks")
    accepted = await carrier.adapter.send(carrier.outgoing(LONG), carrier.credentials)
    reports = await brand.reported(6)
    assert [report.part.number for report in reports if report.part] == [3, 3, 2, 2, 1, 1]
    assert {report.provider_message_id for report in reports} == {accepted.provider_message_id}


async def test_a_text_that_is_not_delivered_has_openmarkets_reason(
    carrier: Carrier, brand: Brand
) -> None:
    await carrier.fault("undelivered")
    await carrier.fault("undelivered", error_code=561)
    for code in ("unreachable", "filtered"):
        await carrier.adapter.send(carrier.outgoing(code), carrier.credentials)
        reports = await brand.reported(1)
        assert reports[-1].failure is not None
        assert reports[-1].failure.code == code
        brand.reports.clear()
    assert await carrier.on_phone() == []


async def test_a_text_that_fails_at_once_is_reported(carrier: Carrier, brand: Brand) -> None:
    await carrier.fault("failed_at_once")
    accepted = await carrier.adapter.send(carrier.outgoing(), carrier.credentials)
    [report] = await brand.reported(1)
    assert report.failure is not None
    assert report.failure.code == "filtered"
    told = await carrier.adapter.ask(accepted.provider_message_id, carrier.credentials)
    assert told.status is MessageStatus.undelivered


@pytest.mark.parametrize(
    ("fault", "code"), [({}, "351"), ({"error_code": 355}, "355")], ids=["usual", "named"]
)
async def test_a_planned_refusal_has_openmarkets_reason(
    carrier: Carrier, fault: dict[str, int], code: str
) -> None:
    await carrier.fault("refused", **fault)
    with pytest.raises(SendError) as raised:
        await carrier.adapter.send(carrier.outgoing(), carrier.credentials)
    assert (raised.value.outcome, raised.value.provider_code) == (SendOutcome.refused, code)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"destination": {"address": ""}}, "350"),
        ({"destination": {"address": "+15550123"}}, "349"),
        ({"destination": {"address": "0123"}}, "351"),
        ({"destination": None}, "540"),
        ({"source": {"ton": 1, "address": "15559999999"}}, "368"),
        ({"message": {"content": ""}}, "353"),
        ({"message": {"content": "x" * 1601}}, "355"),
        ({"message": {"content": "41", "type": "binary"}}, "540"),
        ({"delivery": {"receiptRequested": "final", "url": "nowhere"}}, "2044"),
    ],
)
async def test_what_openmarket_would_refuse_is_refused(
    carrier: Carrier, change: dict[str, object], code: str
) -> None:
    text = {"destination": {"address": "15550123"}, "message": {"content": "Hello"}}
    body = json.dumps({"mobileTerminate": text | change})
    answer = await carrier.http.post("/sms/v4/mt", content=body, auth=LOG_IN)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


async def test_a_text_without_a_source_leaves_from_a_line_of_the_account(carrier: Carrier) -> None:
    text = {"destination": {"address": "15550123"}, "message": {"content": "Hello"}}
    answer = await carrier.http.post("/sms/v4/mt", json={"mobileTerminate": text}, auth=LOG_IN)
    assert (answer.status_code, answer.content) == (202, b"")
    assert answer.headers["Location"].startswith(f"{carrier.http.base_url}/sms/v4/mt/")


@pytest.mark.parametrize("auth", [None, (ACCOUNT, "wrong"), ("other", PASSWORD)])
async def test_only_the_account_may_send_and_ask(
    carrier: Carrier, auth: tuple[str, str] | None
) -> None:
    for method, path in (("POST", "/sms/v4/mt"), ("GET", "/sms/v4/mt/T-1/status")):
        answer = await carrier.http.request(method, path, auth=auth)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "420")
    odd = [(b"Authorization", b"Basic \xfc")]
    assert (await carrier.http.get("/sms/v4/mt/T-1/status", headers=odd)).status_code == 401


async def test_an_unknown_ticket_is_openmarkets_404(carrier: Carrier) -> None:
    answer = await carrier.http.get("/sms/v4/mt/T-1/status", auth=LOG_IN)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "2047")
    [finding] = await carrier.adapter.check(carrier.credentials)
    assert finding.is_well


@pytest.mark.parametrize(
    ("path", "provider"),
    [
        ("/webhooks/openmarket/acme-short/inbound", "openmarket"),
        ("/base/webhooks/twilio/openmarket/inbound", "twilio"),
        ("/webhooks/drone/acme-short/inbound", "twilio"),
        ("/elsewhere", "twilio"),
    ],
)
def test_a_line_of_the_settings_belongs_to_the_provider_in_its_address(
    path: str, provider: str
) -> None:
    lines = {"222111": f"http://127.0.0.1:9{path}"}
    app = create_simulator(settings().model_copy(update={"lines": lines}))
    assert app.state.carrier.lines.get("222111").provider == provider


async def test_openmarket_answers_no_stop_itself(carrier: Carrier, brand: Brand) -> None:
    await carrier.text("STOP")
    assert [text.text for text in brand.texts] == ["STOP"]
    assert [text.opt_out_type for text in brand.texts] == [None]
    await carrier.adapter.send(carrier.outgoing(), carrier.credentials)
