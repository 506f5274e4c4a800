"""Webhooks as each provider posts them, signed, and what is read in them."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

from domain.text.joining import whole
from providers.contract import Received, WebhookRefused, WebhookRequest, WebhookUnreadable
from simulator.lines import Line, kind_of
from simulator.messages import Direction, Message, MessageStatus
from tests.providers.kit.case import Case, Reading
from tests.providers.kit.cases import adapter_of, network_of

BASE = "https://sms.example.org/webhooks"
CONSUMER = "+14155550123"
WORDS = "Hello there"


def inbound(case: Case, words: str = WORDS, *, media: tuple[str, ...] = ()) -> bytes:
    """Return the body of a consumer's text, as the simulated provider writes it."""
    line = Line(case.line, kind_of(case.line), url_of(case), case.token, case.name)
    message = Message(
        sid=network_of(case).new_id(has_media=bool(media)),
        sender=CONSUMER,
        recipient=case.line,
        body=words,
        direction=Direction.inbound,
        status=MessageStatus.received,
        provider=case.name,
        media=media,
    )
    return network_of(case).text(message, line)


def url_of(case: Case, *, is_report: bool = False, message_id: str | None = None) -> str:
    """Return the public address of a webhook."""
    query = f"?{urlencode({'mid': message_id})}" if message_id else ""
    return f"{BASE}/{case.name}/line/{_path(case, is_report=is_report)}{query}"


def posted(
    case: Case, body: bytes, *, is_report: bool = False, message_id: str | None = None
) -> WebhookRequest:
    """Return an unsigned webhook."""
    url = url_of(case, is_report=is_report, message_id=message_id)
    return WebhookRequest(url, {}, body, _path(case, is_report=is_report))


def signed(case: Case, request: WebhookRequest, token: str | None = None) -> WebhookRequest:
    """Return the webhook as the provider signs it now, or the owner of another token."""
    headers = network_of(case).headers(request.url, request.body, token or case.token)
    return replace(request, headers=headers)


def recorded(case: Case, reading: Reading) -> WebhookRequest:
    """Return a recorded webhook. A report is about the text of ours with the id `ours`."""
    body = (case.payloads / reading.file).read_bytes()
    if reading.file.endswith(".txt"):  # a form, which its file ends with a line feed
        body = body.rstrip(b"\n")
    ours = "ours" if reading.is_report else None
    request = posted(case, body, is_report=reading.is_report, message_id=ours)
    return replace(request, headers=reading.headers)


def read(case: Case, request: WebhookRequest) -> Received | None:
    """Return what is in a webhook; None where the adapter says that it is not its provider's."""
    try:
        return adapter_of(case).read(request)
    except (WebhookRefused, WebhookUnreadable):
        return None


def strings_of(received: Received) -> Iterator[str]:
    """Yield all that is stored of a webhook's content."""
    for text in received.texts:
        yield from (text.provider_message_id, text.sender, text.recipient)
        yield whole(text.text) if text.part else text.text
        yield from (text.opt_out_type or "", text.service or "", text.channel or "")
        for one in text.media:
            yield from (one.url, one.content_type)
        for pair in text.raw.items():
            yield from pair
    for report in received.reports:
        yield from (report.provider_message_id, report.provider_code or "", report.recipient or "")
        yield from report.senders


def _path(case: Case, *, is_report: bool) -> str:
    described = adapter_of(case).description
    return (described.reports_webhook if is_report else described.texts_webhook).path
