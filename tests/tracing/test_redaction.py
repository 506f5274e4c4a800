"""What is kept of an exchange with a provider."""

import json
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.delivery.exchanges import LONGEST_KEPT
from tracing.redaction import redacted, redacted_answer, redacted_url

TEXT = "I moved to 12 Baker Street"


def test_a_form_keeps_ids_and_hides_words_and_phones() -> None:
    body = (
        "MessageSid=SMe287d7109a5a925f182f0e07fe5b223b&From=%2B14133881111&To=384387"
        "&Body=STOP&FromCity=NEW+YORK&NumSegments=1&ErrorCode=30003"
    )
    assert redacted(body, "application/x-www-form-urlencoded").splitlines() == [
        "MessageSid=SMe287d7109a5a925f182f0e07fe5b223b",
        "From=…1111",
        "To=384387",
        "Body=[4 characters]",
        "FromCity=[8 characters]",
        "NumSegments=1",
        "ErrorCode=30003",
    ]


def test_json_keeps_its_shape_and_a_providers_explanation() -> None:
    body = {
        "code": 21211,
        "message": "The 'To' number +15550189901 is not a valid phone number.",
        "data": {"payload": {"text": TEXT, "id": "40385f64-5717-4562-b3fc-2c963f66afa6"}},
        "to": [{"phone_number": "+15550189901", "status": "queued"}],
        "api_key": "KEY0123",
        "auth": {"token": "t"},
        "date_created": "Thu, 26 Nov 2026 10:00:00 +0000",
        "ok": True,
    }
    shown = json.loads(redacted(json.dumps(body), "application/json"))
    assert shown == {
        "code": 21211,
        "message": "The 'To' number …9901 is not a valid phone number.",
        "data": {
            "payload": {"text": "[26 characters]", "id": "40385f64-5717-4562-b3fc-2c963f66afa6"}
        },
        "to": [{"phone_number": "…9901", "status": "queued"}],
        "api_key": "[hidden]",
        "auth": {"token": "[hidden]"},
        "date_created": "Thu, 26 Nov 2026 10:00:00 +0000",
        "ok": True,
    }


@pytest.mark.parametrize(
    "body",
    [
        f'<mo ticketId="0112C-04"><source address="447700900123"/><message type="text" '
        f'content="{TEXT}"/></mo>',
        f"<mo><source>447700900123</source><content><![CDATA[{TEXT}]]></content></mo>",
        f"<mo content=\"{TEXT} > 1\" from='447700900123'>{TEXT}</mo>",
        f'<mo content="{TEXT}',
        f"<a><b>{TEXT}</b><from>447700900123</from></a>",
    ],
)
def test_markup_hides_words_wherever_they_stand(body: str) -> None:
    shown = redacted(body, "text/xml")
    assert "Baker" not in shown
    assert "900123" not in shown
    assert shown.startswith("<mo") or shown.startswith("<a>") or shown.startswith("[")


def test_a_form_with_markup_in_it_is_looked_into() -> None:
    markup = '<request><message data="48656C6C6F" udhi="false"/></request>'
    body = urlencode({"xml": markup})
    shown = redacted(body, "application/x-www-form-urlencoded")
    assert "48656C6C6F" not in shown
    assert 'udhi="false"' in shown


def test_an_address_shows_our_id_and_no_key() -> None:
    url = (
        "https://me:pw@h.example/webhooks/openmarket/x/receipt?mid=4f1d&key=0a1b&To=%2B15550189901"
    )
    assert redacted_url(url) == (
        "https://h.example/webhooks/openmarket/x/receipt?mid=4f1d&key=[hidden]&To=…9901"
    )
    inside = redacted(json.dumps({"url": url, "n": 1}))
    assert "receipt?mid=4f1d&key=[hidden]&To=[hidden]" in inside


SIGNATURE = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@pytest.mark.parametrize(
    "url",
    [
        f"https://h.example/files/0190d3a4-8f5e-7c3a-9b1d-2e4f6a8b0c1d/1795699200/{SIGNATURE}",
        f"https://h.example/media/1?t={SIGNATURE}",
        f"https://h.example/media/1?{SIGNATURE}=",
        f"https://h.example/hooks/{SIGNATURE}/texts",
        f"https://me:{SIGNATURE}@h.example/",
    ],
)
def test_the_key_in_a_signed_link_is_hidden_wherever_the_link_stands(url: str) -> None:
    for shown in (
        redacted_url(url),
        redacted(json.dumps({"media_urls": [url]})),
        redacted(urlencode({"MediaUrl": url})),
        redacted(json.dumps({"message": f"We could not fetch {url}, sorry."})),
        redacted(f'<delivery url="{escape(url)}"/>', "text/xml"),
        redacted(f"<error><description>Bad: {escape(url)}</description></error>", "text/xml"),
    ):
        assert SIGNATURE not in shown, shown
        assert "h.example" in shown


def test_a_query_that_is_told_without_its_host_and_a_log_in_are_hidden() -> None:
    told = redacted(json.dumps({"detail": "Not /receipt?mid=4f1d&key=0a1b2c with Bearer KEY0123"}))
    assert "0a1b2c" not in told
    assert "KEY0123" not in told


def test_words_under_a_name_of_their_kind_are_hidden() -> None:
    assert "Yes" not in redacted("ButtonText=Yes&ProfileName=Yes", "form")
    assert "48656c6c6f" not in redacted('{"hexEncodedText": "48656c6c6f", "id": "1"}')


def test_known_texts_and_secrets_are_hidden_under_any_name() -> None:
    body = json.dumps({"reason": f"refused: {TEXT}", "error": "s3cr3t-s3cr3t", "state": "ok"})
    shown = redacted(body, hidden=[TEXT, "s3cr3t-s3cr3t", "ok"])
    assert "Baker" not in shown
    assert "s3cr3t" not in shown
    assert '"ok"' not in shown


def test_a_proxys_page_tells_what_it_says_in_its_title() -> None:
    page = "<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>"
    assert "502 Bad Gateway" in redacted_answer(page, "text/html")
    assert redacted_answer("upstream timed out", "text/plain") == "upstream timed out"
    assert redacted("Dear shop, hello", "text/plain") == "[16 characters]"


def test_what_is_too_large_or_broken_keeps_its_size_only() -> None:
    assert redacted("x" * 70_000) == "[70000 characters]"
    assert redacted('{"Body": "half', "application/json") == "[14 characters]"
    assert redacted('{"a":' * 5000) == "[25000 characters]"
    many = redacted(json.dumps([{"sid": f"SM{one}"} for one in range(2000)]))
    assert len(many) == LONGEST_KEPT + 1


@given(some.text(max_size=400), some.sampled_from(["", "application/json", "text/xml", "form"]))
def test_nothing_breaks_it(body: str, kind: str) -> None:
    for shown in (redacted(body, kind), redacted_answer(body, kind), redacted_url(body)):
        assert "\0" not in shown
        shown.encode()
