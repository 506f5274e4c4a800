"""Consumers' texts and receipts, as OpenMarket posts them."""

import json

import pytest

from domain.delivery.message_status import MessageStatus
from providers.contract import InboundText, StatusReport, TextPart, WebhookRefused
from tests.providers.openmarket.recorded import TICKET, posted, read, recorded

ADA = "+12515550145"
OURS = "7f1c8f0e-0000-4000-8000-000000000001"


def text_in(name: str) -> InboundText:
    [text] = read(recorded(name)).texts
    return text


def report_in(name: str, **query: str) -> StatusReport:
    [report] = read(recorded(name, **query)).reports
    return report


@pytest.mark.parametrize(
    ("name", "sender", "recipient", "words"),
    [
        ("mo_text.json", ADA, "222111", "Hello 🙂 & <you>"),
        ("mo_text.xml", "+12125550123", "222111", "Hello"),
        ("mo_text_other_namespace.xml", "+12125550123", "+15550100001", "  Café & <b> 🙂 "),
        ("mo_hexadecimal_with_line_break.json", ADA, "+15550100001", "One\r\ntwo€"),
        ("mo_utf16.json", ADA, "+15550100001", "Привет 🙂"),
        ("mo_version_3.txt", "+12065551212", "12345", "Hello World"),
        ("mo_binary.json", ADA, "+15550100001", "[A binary message of 4 bytes]"),
    ],
)
def test_a_whole_text_is_read_in_every_form(
    name: str, sender: str, recipient: str, words: str
) -> None:
    text = text_in(name)
    assert (text.sender, text.recipient, text.text) == (sender, recipient, words)
    assert text.part is None
    assert text.provider_message_id in read_id(name)


def read_id(name: str) -> str:
    return recorded(name).body.decode()


@pytest.mark.parametrize(
    ("name", "part", "words"),
    [
        ("mo_part_8_bit.json", TextPart("08", 2, 2), " thinking about it."),
        ("mo_part_16_bit_behind_ports.json", TextPart("0a0b", 1, 3), "Hello, "),
        ("mo_part.xml", TextPart("7f01", 1, 2), "A story "),
        ("mo_version_3_part.txt", TextPart("08", 2, 2), "one"),
    ],
)
def test_a_part_of_a_long_text_names_its_place(name: str, part: TextPart, words: str) -> None:
    text = text_in(name)
    assert (text.part, text.text) == (part, words)


def test_parts_have_ids_of_their_own_even_under_one_ticket() -> None:
    def part(number: int) -> InboundText:
        source, content = {"ton": 1, "address": "12515550145"}, f"0500030802{number:02x}41"
        message = {"type": "hexEncodedText", "content": content, "udh": True}
        parties = {"source": source, "destination": {"ton": 3, "address": "222111"}}
        document = {"ticketId": "T-1", "message": message, **parties}
        [text] = read(posted(json.dumps({"mobileOriginate": document}).encode())).texts
        return text

    first, second, again = part(1), part(2), part(1)
    assert first.provider_message_id != second.provider_message_id
    assert first.provider_message_id == again.provider_message_id


def test_the_fields_of_a_text_are_kept() -> None:
    kept = text_in("mo_part_8_bit.json").raw
    assert kept["source.mobileoperatorid"] == "383"
    assert kept["message.content"].startswith("0500030802")


def test_several_documents_in_a_request_are_all_read() -> None:
    one = json.loads(recorded("mo_text.json").body)
    receipt = json.loads(recorded("receipt_delivered.json").body)
    received = read(posted(json.dumps([one, one, receipt]).encode()))
    assert len(received.texts) == 2
    assert len(received.reports) == 1


@pytest.mark.parametrize(
    ("name", "status", "part"),
    [
        ("receipt_delivered.json", MessageStatus.delivered, None),
        ("receipt_part_2_of_3.json", MessageStatus.delivered, TextPart(TICKET, 2, 3)),
        ("receipt_part_not_delivered.json", MessageStatus.undelivered, TextPart(TICKET, 3, 3)),
        ("receipt_sent_only.json", MessageStatus.delivered, None),
        ("receipt_flat_with_note.json", MessageStatus.delivered, None),
        ("receipt_of_unknown_code.json", MessageStatus.undelivered, None),
        ("receipt_delivered.xml", MessageStatus.delivered, TextPart(TICKET, 1, 2)),
        ("receipt_version_3.xml", MessageStatus.delivered, None),
        ("receipt_version_3_part.xml", MessageStatus.undelivered, TextPart(TICKET, 2, 2)),
    ],
)
def test_a_receipt_is_read_in_every_form(
    name: str, status: MessageStatus, part: TextPart | None
) -> None:
    report = report_in(name, mid=OURS)
    assert (report.provider_message_id, report.status, report.part) == (TICKET, status, part)
    assert report.message_id == OURS
    assert (report.failure is None) == (status is MessageStatus.delivered)


def test_a_receipt_without_our_id_in_its_address_is_known_by_our_note() -> None:
    assert report_in("receipt_flat_with_note.json").message_id == OURS
    assert report_in("receipt_delivered.json").message_id is None


def test_a_receipt_names_the_line_and_the_phone() -> None:
    report = report_in("receipt_delivered.json")
    assert (report.senders, report.recipient) == (("222111",), ADA)


def test_a_failure_names_openmarkets_code_and_a_sentence_for_the_agent() -> None:
    failure = report_in("receipt_part_not_delivered.json").failure
    assert failure is not None
    assert (failure.code, failure.provider_code) == ("unreachable", "508")
    unknown = report_in("receipt_of_unknown_code.json").failure
    assert unknown is not None
    assert "7777" in unknown.sentence


def test_the_address_for_receipts_takes_no_text() -> None:
    with pytest.raises(WebhookRefused):
        read(posted(recorded("mo_text.json").body, webhook="receipt"))


def test_the_address_for_texts_takes_receipts_too() -> None:
    assert read(posted(recorded("receipt_delivered.json").body)).reports


@pytest.mark.parametrize(
    "change",
    [
        {"ticketId": None},
        {"ticketId": "../../etc"},
        {"source": {"ton": 1, "address": ""}},
        {"destination": {}},
        {"message": {"type": "hexEncodedText", "content": "4f6"}},
        {"message": {"type": "hexEncodedText", "content": "zz"}},
    ],
)
def test_a_text_without_what_every_text_has_is_refused(change: dict[str, object]) -> None:
    document = json.loads(recorded("mo_text.json").body)["mobileOriginate"] | change
    with pytest.raises(WebhookRefused):
        read(posted(json.dumps({"mobileOriginate": document}).encode()))


@pytest.mark.parametrize("body", [b'{"ticketId": "T-1"}', b'{"code": 4}', b"{}", b"[]", b"<a/>"])
def test_what_is_neither_a_text_nor_a_receipt_is_refused(body: bytes) -> None:
    for webhook in ("inbound", "receipt"):
        with pytest.raises(WebhookRefused):
            read(posted(body, webhook=webhook))


def test_nothing_is_answered_to_version_4_and_ok_to_version_3() -> None:
    from tests.providers.openmarket.recorded import openmarket

    assert openmarket().answer(recorded("mo_text.json")).body == ""
    assert openmarket().answer(recorded("receipt_delivered.xml")).body == ""
    assert openmarket().answer(recorded("mo_version_3.txt")).body == "OK"
