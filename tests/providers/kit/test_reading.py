"""A webhook is read as it was recorded, and whatever else comes is refused or can be stored."""

import json
import re
from dataclasses import replace
from typing import cast
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from providers.contract import Received, StatusReport, WebhookRequest
from tests.providers.kit.case import CODES, Case, Reading, Told
from tests.providers.kit.cases import CASES, EVERY, adapter_of, credentials_of
from tests.providers.kit.webhooks import (
    CONSUMER,
    inbound,
    posted,
    read,
    recorded,
    signed,
    strings_of,
)

RECORDED = [(case, one) for case in CASES.values() for one in case.readings]
EVERY_RECORDED = pytest.mark.parametrize(
    ("case", "reading"), RECORDED, ids=[f"{case.name}-{one.file}" for case, one in RECORDED]
)
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><b>&c;&c;&c;&c;</b>'
)
ODD = [
    *(b"", b"{}", b"[]", b"null", b"0", b'""', b"\0", b"\xff\xfe", b"<", b"=", b"&&&=&"),
    *(b"[" * 60_000, b'{"a":' * 12_000, b"<a>" * 20_000, b"9" * 60_000, b"a=1&" * 600),
    *(b'{"data": NaN}', b'{"data": "\\ud800"}', b'{"data": {"payload": {}}}', b'{"events": 1}'),
    *(BOMB, b"<!doctype html><title>Hello</title>", "é".encode("latin-1"), b"%00%FF%"),
]
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@EVERY_RECORDED
def test_a_recorded_webhook_is_read(case: Case, reading: Reading) -> None:
    found = adapter_of(case).read(recorded(case, reading))
    assert tuple(replace(text, raw={}) for text in found.texts) == reading.texts
    assert tuple(_told(report) for report in found.reports) == reading.reports
    if reading.is_report:
        assert all(report.message_id == "ours" for report in found.reports)


@EVERY
def test_every_recorded_webhook_is_tried(case: Case) -> None:
    kept = {path.name for path in case.payloads.iterdir()} - {CODES}
    assert {reading.file for reading in case.readings} == kept


@EVERY
@pytest.mark.parametrize("words", ["Hello 🙂", " two\nlines ", "é" * 200, "<b>&amp;</b>", '"\\'])
def test_a_consumers_text_is_read_as_it_was_written(case: Case, words: str) -> None:
    request = signed(case, posted(case, inbound(case, words)))
    adapter_of(case).verify(request, credentials_of(case))
    [text] = adapter_of(case).read(request).texts
    assert (text.sender, text.recipient, text.text) == (CONSUMER, case.line, words)
    assert (text.channel, text.part, text.opt_out_type) == (None, None, None)


@EVERY
def test_a_text_that_is_posted_again_has_the_same_id(case: Case) -> None:
    body = inbound(case)
    [first], [again] = (adapter_of(case).read(posted(case, body)).texts for _ in range(2))
    [other] = adapter_of(case).read(posted(case, inbound(case))).texts
    assert first.provider_message_id == again.provider_message_id != other.provider_message_id


@EVERY
def test_pictures_are_read_where_consumers_can_send_them(case: Case) -> None:
    pictures = ("https://media.test/1", "https://media.test/2")
    takes = adapter_of(case).description.capabilities.takes_media
    [text] = adapter_of(case).read(posted(case, inbound(case, media=pictures))).texts
    assert tuple(one.url for one in text.media) == (pictures if takes else ())


@EVERY
def test_parts_are_read_where_the_provider_sends_them(case: Case) -> None:
    can = adapter_of(case).description.capabilities
    texts = [text for reading in case.readings for text in reading.texts]
    reports = [report for reading in case.readings for report in reading.reports]
    assert any(text.part for text in texts) is can.sends_parts
    assert any(report.part for report in reports) is can.reports_parts
    for part in [one.part for one in texts] + [one.part for one in reports]:
        assert part is None or 1 <= part.number <= (part.total or part.number)


@EVERY
def test_an_answer_says_that_the_webhook_was_taken(case: Case) -> None:
    answer = adapter_of(case).answer(posted(case, inbound(case)))
    assert 200 <= answer.status < 300
    assert not answer.body or answer.media_type


@EVERY
@pytest.mark.parametrize("body", ODD, ids=lambda body: repr(body[:24]))
@pytest.mark.parametrize("is_report", [False, True])
def test_an_odd_body_holds_nothing(case: Case, body: bytes, is_report: bool) -> None:
    assert read(case, posted(case, body, is_report=is_report)) in (None, Received())


@EVERY
@given(body=st.binary(max_size=400), is_report=st.booleans())
def test_a_body_of_any_bytes_is_never_an_error(case: Case, body: bytes, is_report: bool) -> None:
    assert is_storable(read(case, posted(case, body, is_report=is_report)))


@EVERY
@given(data=st.data())
def test_a_cut_or_garbled_webhook_is_never_an_error(case: Case, data: st.DataObject) -> None:
    request = recorded(case, data.draw(st.sampled_from(case.readings)))
    start = data.draw(st.integers(0, len(request.body)))
    end = data.draw(st.integers(start, len(request.body)))
    body = request.body[:start] + data.draw(st.binary(max_size=8)) + request.body[end:]
    assert is_storable(read(case, replace(request, body=body)))


@EVERY
@given(data=st.data())
def test_a_webhook_with_any_value_in_any_place_is_never_an_error(
    case: Case, data: st.DataObject
) -> None:
    request = recorded(case, data.draw(st.sampled_from(case.readings)))
    found = read(case, replace(request, body=changed(request, data)))
    assert is_storable(found)


TOKEN = re.compile(rb'"[^"]*"|[0-9]+|[A-Za-z]+')
HOSTILE = [
    *(b"1e999", b"-0", b"9" * 5000, b"NaN", b"true", b"null", b"[[[]]]", b'{"a": {"b": []}}'),
    *(rb'"\ud800"', rb'"\u0000"', rb'"\udc00\ud800"', b'"\xed\xa0\x80"', b'"\xff"', b"\0"),
    *(b"&#0;", b"&#xD800;", b"&#65;", b"]]>", b"<![CDATA[", b"<?a b?>", b"xmlns:a='b'"),
    *(b"%00", b"%ED%A0%80", b"%FF", b"%", b"&", b"=", "\ufffe\U0010ffff".encode()),
]


@EVERY
@given(data=st.data())
def test_a_webhook_with_hostile_and_doubled_pieces_is_never_an_error(
    case: Case, data: st.DataObject
) -> None:
    request = recorded(case, data.draw(st.sampled_from(case.readings)))
    body = request.body
    for _ in range(data.draw(st.integers(1, 3))):
        places = [found.span() for found in TOKEN.finditer(body)]
        begin, end = data.draw(st.sampled_from(places)) if places else (0, 0)
        body = body[:begin] + data.draw(st.sampled_from(HOSTILE)) + body[end:]
    between = data.draw(st.sampled_from([b",", b"&", b"<", b" "]))
    pieces = body.split(between)
    doubled = data.draw(st.integers(0, len(pieces) - 1))
    pieces.insert(doubled, pieces[doubled])
    assert is_storable(read(case, replace(request, body=between.join(pieces))))


def changed(request: WebhookRequest, data: st.DataObject) -> bytes:
    """Return a body of JSON or of a form in which one value is another one."""
    try:
        value: JsonValue = json.loads(request.body)
    except ValueError:
        pairs = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
        place = data.draw(st.integers(0, max(len(pairs) - 1, 0)))
        other = data.draw(st.text(st.characters(codec="utf-8")))
        pairs[place : place + 1] = [(pairs[place][0], other)] if pairs else []
        return urlencode(pairs).encode()
    return json.dumps(_with_another(value, data)).encode()


def _with_another(value: JsonValue, data: st.DataObject) -> JsonValue:
    if isinstance(value, dict) and value and data.draw(st.integers(0, 4)):
        name = data.draw(st.sampled_from(sorted(value)))
        return value | {name: _with_another(value[name], data)}
    if isinstance(value, list) and value and data.draw(st.integers(0, 4)):
        return [_with_another(value[0], data), *value[1:]]
    return cast("JsonValue", data.draw(ANY_JSON))


def is_storable(received: Received | None) -> bool:
    """Say whether PostgreSQL takes what was read: no NUL, no half of a surrogate pair."""
    for word in strings_of(received) if received else ():
        word.encode()
        assert "\0" not in word
    assert all(text.provider_message_id for text in (received.texts if received else ()))
    return True


def _told(report: StatusReport) -> Told:
    failure = report.failure.code if report.failure else None
    return Told(
        report.provider_message_id, report.status, failure, report.provider_code, report.part
    )
