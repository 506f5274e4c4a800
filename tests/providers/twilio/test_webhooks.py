from urllib.parse import urlencode

import httpx2
import pytest

from domain.consent.keyword import Keyword
from domain.delivery.message_status import MessageStatus
from domain.numbers.kinds import LineKind
from providers.contract import Blame, SendOutcome, WebhookRefused, WebhookRequest
from providers.twilio.adapter import Twilio
from providers.twilio.webhooks import inbound_text, status_report
from tests.providers.twilio.recorded import URL, form, posted, recorded

TWILIO = Twilio(httpx2.AsyncClient())
CONSUMER = "+14133881111"
LINE = "+12028831111"
PICTURE_SID = "MM0a1b2c3d4e5f60718293a4b5c6d7e8f9"
OUR_SID = "SM0b6e2697aae04182a9f5b5c7a8994c7f"
SERVICE = "MGdb23ec0f89ee2632e46e91d8128f5e2b"


def test_fields_beside_the_text_are_kept() -> None:
    raw = inbound_text(recorded("inbound_short_code_of_service")).raw
    assert raw["MessagingServiceSid"] == SERVICE
    assert raw["ToZip"] == ""


def test_nothing_that_is_kept_holds_a_nul_byte() -> None:
    raw = inbound_text(recorded("inbound_nul_bytes")).raw
    assert raw["FromCity"] == "NEWYORK"


def test_a_text_sent_by_get_is_read_from_the_query() -> None:
    request = WebhookRequest(f"{URL}?{urlencode(form('inbound_long_code'))}", {}, method="GET")
    assert inbound_text(request).text == "Msg"


def test_all_ten_pictures_are_read() -> None:
    pictures = [(f"MediaUrl{n}", f"https://api.twilio.com/{n}") for n in range(10)]
    request = recorded("inbound_long_code")
    read = inbound_text(posted([*request.form, *pictures]))
    assert [media.url for media in read.media] == [url for _, url in pictures]


@pytest.mark.parametrize("missing", ["MessageSid", "From", "To"])
def test_a_text_without_the_essentials_is_refused(missing: str) -> None:
    sids = {"MessageSid", "SmsSid", "SmsMessageSid"} if missing == "MessageSid" else {missing}
    request = recorded("inbound_long_code")
    fewer = [pair for pair in request.form if pair[0] not in sids]
    with pytest.raises(WebhookRefused, match=missing):
        inbound_text(posted(fewer))


@pytest.mark.parametrize(
    ("sender", "recipient", "channel"),
    [
        ("whatsapp:+14155550100", f"whatsapp:{LINE}", "whatsapp"),
        ("whatsapp:US.1234", LINE, "whatsapp"),
        ("WhatsApp:+14155550100", LINE, "whatsapp"),
        (CONSUMER, "rcs:brand_agent", "rcs"),
        ("messenger:1234567", LINE, "messenger"),
        ("sip:ada@brand.test", LINE, "sip"),
        (CONSUMER, LINE, None),
        ("AMAZON", LINE, None),
        ("68849", LINE, None),
    ],
)
def test_a_text_from_another_channel_than_sms_says_so(
    sender: str, recipient: str, channel: str | None
) -> None:
    request = recorded("inbound_long_code")
    changed = dict(request.form) | {"From": sender, "To": recipient}
    assert inbound_text(posted(list(changed.items()))).channel == channel


def test_a_delivery_callback_is_not_read_as_a_text() -> None:
    with pytest.raises(WebhookRefused, match="delivery callback"):
        inbound_text(recorded("status_sent"))


def test_a_callback_without_our_id_still_has_twilios() -> None:
    report = status_report(recorded("status_sent"))
    assert report is not None
    assert report.message_id is None


def test_a_callback_about_no_message_is_refused() -> None:
    with pytest.raises(WebhookRefused, match="MessageSid"):
        status_report(posted([("MessageStatus", "sent")]))


def test_an_unreachable_handset_is_reported_as_such() -> None:
    report = status_report(recorded("status_undelivered_handset_off"))
    assert report is not None
    assert report.failure is not None
    assert report.failure.blame is Blame.recipient
    assert report.failure.outcome is SendOutcome.refused
    assert "switched off" in report.failure.sentence


def test_a_cancelled_text_is_reported_as_such() -> None:
    pairs = [("MessageSid", OUR_SID), ("MessageStatus", "canceled")]
    report = status_report(posted(pairs))
    assert report is not None
    assert report.status is MessageStatus.failed
    assert report.failure is not None
    assert report.failure.code == "cancelled"


def test_the_acknowledgement_says_nothing_to_the_consumer() -> None:
    answer = TWILIO.answer(recorded("inbound_long_code"))
    assert answer.body == '<?xml version="1.0" encoding="UTF-8"?><Response/>'
    assert (answer.status, answer.media_type) == (200, "text/xml")


@pytest.mark.parametrize(
    ("kind", "keyword", "text", "is_answered"),
    [
        (LineKind.long_code, Keyword.stop, "stop ", True),
        (LineKind.service, Keyword.help, "INFO", True),
        (LineKind.long_code, Keyword.stop, "Stop!", False),
        (LineKind.long_code, Keyword.stop, "ALTO", False),
        (LineKind.toll_free, Keyword.stop, "STOP", True),
        (LineKind.toll_free, Keyword.stop, "QUIT", False),
        (LineKind.toll_free, Keyword.help, "HELP", False),
        (LineKind.short_code, Keyword.stop, "STOP", False),
        (LineKind.long_code, Keyword.stop, "STOP STOP", False),
        (LineKind.long_code, Keyword.stop, "opt out", False),
        (LineKind.long_code, Keyword.start, "START", True),
        (LineKind.long_code, Keyword.start, "start please", False),
    ],
)
@pytest.mark.parametrize("is_blocked", [True, False])
def test_twilio_answers_its_own_words_only(
    kind: LineKind, keyword: Keyword, text: str, is_answered: bool, is_blocked: bool
) -> None:
    assert TWILIO.answers(kind, keyword, text, is_blocked=is_blocked) == is_answered


@pytest.mark.parametrize("is_blocked", [True, False])
def test_twilio_accepts_yes_only_after_a_stop_that_it_handled(is_blocked: bool) -> None:
    answers = TWILIO.answers(LineKind.long_code, Keyword.start, "Yes", is_blocked=is_blocked)
    assert answers is is_blocked
