"""Consumers' texts and receipts, as OpenMarket posts them."""

import json

import pytest

from providers.contract import InboundText, StatusReport, WebhookRefused
from tests.providers.openmarket.recorded import openmarket, posted, read, recorded

ADA = "+12515550145"
OURS = "7f1c8f0e-0000-4000-8000-000000000001"


def text_in(name: str) -> InboundText:
    [text] = read(recorded(name)).texts
    return text


def report_in(name: str) -> StatusReport:
    [report] = read(recorded(name)).reports
    return report


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


def test_a_document_that_cannot_be_read_holds_up_no_other() -> None:
    good = json.loads(recorded("mo_text.json").body)
    bad = json.loads(recorded("mo_text.json").body)
    bad["mobileOriginate"]["message"] = {"type": "hexEncodedText", "content": "zz"}
    received = read(posted(json.dumps([bad, good]).encode()))
    assert len(received.texts) == 1
    assert received.unread == "The content is not hexadecimal."


@pytest.mark.parametrize("content", [["Hello"], {"words": "Hello"}])
def test_content_that_is_no_text_is_not_taken_for_an_empty_one(content: object) -> None:
    document = json.loads(recorded("mo_text.json").body)
    document["mobileOriginate"]["message"]["content"] = content
    with pytest.raises(WebhookRefused):
        read(posted(json.dumps(document).encode()))


def test_words_in_marked_up_content_are_kept() -> None:
    body = recorded("mo_text.xml").body.decode()
    before, _, rest = body.partition("<content")
    tag, _, rest = rest.partition(">")
    after = rest.partition("</content>")[2]
    marked = f"{before}<content{tag}>Hello <b>big</b> world</content>{after}"
    [text] = read(posted(marked.encode(), "text/xml")).texts
    assert text.text == "Hello big world"


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
    assert openmarket().answer(recorded("mo_text.json")).body == ""
    assert openmarket().answer(recorded("receipt_delivered.xml")).body == ""
    assert openmarket().answer(recorded("mo_version_3.txt")).body == "OK"


def test_a_receipt_whose_other_values_are_null_is_read() -> None:
    receipt = json.loads(recorded("receipt_delivered.json").body)
    receipt["deliveryReceipt"] |= {"parentTicketId": None, "statusCode": None, "note1": None}
    [report] = read(posted(json.dumps(receipt).encode())).reports
    assert report == report_in("receipt_delivered.json")
