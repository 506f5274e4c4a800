"""Documents that OpenMarket never sends: bombs, other charsets, cut and endless ones."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import WebhookRefused, WebhookUnreadable
from providers.openmarket.documents import LARGEST
from tests.providers.openmarket.recorded import FILES, TYPES, posted, read, recorded

XML = recorded("mo_text.xml").body.decode()
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l0 "lol">{LAUGHS}]>'
FILE = '<!DOCTYPE a [<!ENTITY file SYSTEM "file:///etc/hostname">]>'
NETWORK = '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/evil.dtd">'
PARAMETER = '<!DOCTYPE a [<!ENTITY % more SYSTEM "http://127.0.0.1:9/evil.dtd"> %more;]>'
QUADRATIC = f'<!DOCTYPE a [<!ENTITY big "{"A" * 30_000}">]>'


def with_entity(declaration: str, entity: str) -> str:
    return declaration + XML.partition("?>")[2].replace("Hello", f"&{entity};")


def refused(body: bytes | str, content_type: str = TYPES[".xml"]) -> bool:
    encoded = body.encode() if isinstance(body, str) else body
    try:
        read(posted(encoded, content_type))
    except (WebhookRefused, WebhookUnreadable):
        return True
    return False


@pytest.mark.parametrize(
    "body",
    [
        with_entity(BOMB, "l9"),
        with_entity(FILE, "file"),
        with_entity(NETWORK, "evil"),
        with_entity(PARAMETER, "evil"),
        with_entity(QUADRATIC, "big;&big"),
        XML.replace("Hello", "&nbsp;"),
        XML.replace("<mobileOriginate", "<!DOCTYPE mobileOriginate><mobileOriginate"),
    ],
    ids=["laughs", "file", "network", "parameter", "quadratic", "undeclared", "doctype"],
)
def test_xml_that_declares_entities_is_refused(body: str) -> None:
    assert refused(body)


@pytest.mark.parametrize(
    "body",
    [
        b"<a>" * (LARGEST // 3),
        b"<a>" * 3_000 + b"</a>" * 3_000,
        b"[" * LARGEST,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b'{"mobileOriginate": ' * 20 + b"{}" + b"}" * 20,
        b"9" * LARGEST,
        b'{"code": ' + b"9" * 60_000 + b'E"}',
    ],
    ids=["open", "deep", "arrays", "objects", "nested", "number", "digits"],
)
def test_a_document_nested_without_end_is_refused(body: bytes) -> None:
    assert refused(body)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_ten_megabytes_are_refused_unread(file: object) -> None:
    name = getattr(file, "name", "")
    request = recorded(name)
    assert refused(request.body + b" " * 10_000_000, request.header("content-type"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_document_cut_anywhere_is_refused(file: object) -> None:
    request = recorded(getattr(file, "name", ""))
    whole = request.body.rstrip()
    if whole.startswith(b"xml="):
        whole = whole[: whole.rindex(b"%3E")]  # behind it, nothing is missing
    for end in range(len(whole) - 1):
        assert refused(whole[:end], request.header("content-type")), end


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (XML.replace("Hello", "Grüße").encode("latin-1"), TYPES[".xml"]),
        (XML.encode("utf-16"), TYPES[".xml"]),
        (XML.replace("UTF-8", "UTF-16").encode(), "application/xml"),
        (XML.replace("UTF-8", "UTF-7").encode(), "application/xml"),
        (XML.encode(), "application/xml; charset=ISO-8859-1"),
        (XML.encode(), 'application/xml; charset="cp1252"'),
        (json.dumps({"code": "é"}, ensure_ascii=False).encode("latin-1"), TYPES[".json"]),
        (b"xml=%FF%FE", TYPES[".txt"]),
        (b"xml=%ZZ", TYPES[".txt"]),
    ],
)
def test_another_charset_is_refused(body: bytes, content_type: str) -> None:
    assert refused(body, content_type)


@pytest.mark.parametrize("body", ["", " ", "\ufeff", "hello", "xml=", "xml", "<!-- -->", "null"])
def test_a_body_without_a_document_is_refused(body: str) -> None:
    assert refused(body)


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert read(posted(b"\xef\xbb\xbf" + XML.encode(), TYPES[".xml"])).texts


def test_what_cannot_be_stored_is_taken_out() -> None:
    body = recorded("mo_text.json").body.replace(rb"\ud83d\ude42", rb"\u0000\ud83d")
    [text] = read(posted(body)).texts
    assert text.text == "Hello \ufffd & <you>"


@given(st.binary(max_size=400), st.sampled_from(sorted(TYPES.values())))
def test_any_bytes_are_read_or_refused(body: bytes, content_type: str) -> None:
    refused(body, content_type)


@given(st.data(), st.sampled_from(FILES))
def test_a_spoilt_webhook_is_read_or_refused(data: st.DataObject, file: object) -> None:
    request = recorded(getattr(file, "name", ""))
    body = bytearray(request.body)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    for webhook in ("inbound", "receipt"):
        try:
            found = read(posted(bytes(body), request.header("content-type"), webhook))
        except (WebhookRefused, WebhookUnreadable):
            continue
        for text in found.texts:
            text.text.encode()
            assert "\0" not in text.text + "".join(text.raw.values())


NAMES = st.sampled_from(
    [
        *("mobileOriginate", "deliveryReceipt", "request", "message", "source", "destination"),
        *("ticket", "ticketId", "address", "ton", "type", "content", "udh", "data", "udhi", "code"),
        *("status", "response", "segmentNumber", "totalSegments", "id"),
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=20,
)


@given(JSON)
def test_any_json_with_openmarkets_names_is_read_or_refused(document: object) -> None:
    for webhook in ("inbound", "receipt"):
        try:
            read(posted(json.dumps(document).encode(), webhook=webhook))
        except WebhookRefused:
            continue
