"""Reads OpenMarket's webhooks: consumers' texts, in versions 3 and 4, and receipts.

https://www.openmarket.com/docs/Content/apis/v4http/receive-mo-json.htm and receive-mo-xml.htm,
https://www.openmarket.com/docs/Content/apis/v3http/receive.htm
"""

import re
from types import MappingProxyType

from domain.delivery.message_status import MessageStatus
from domain.text.joining import whole
from providers.billing import Billing
from providers.contract import (
    InboundText,
    Received,
    SendError,
    StatusReport,
    TextPart,
    WebhookRefused,
    WebhookRequest,
)
from providers.openmarket import user_data
from providers.openmarket.authentication import OUR_MESSAGE_ID
from providers.openmarket.codes import failure_of, status_of
from providers.openmarket.description import DESCRIPTION
from providers.openmarket.documents import Element, Unreadable, read

TICKET = re.compile(r"[0-9A-Za-z-]{1,64}")
INTERNATIONAL = "1"
SHORTEST_INTERNATIONAL = 9
"""Digits from which a number whose type is not told counts as international. Short codes have at
most eight.
"""
CODES = ("code", "statuscode", "responsecode", "receiptcode")
ABOUT_THE_TEXT = ("response", "status", "state", "receipt")
MOST_PARTS = 255
IN_TEXT, IN_HEXADECIMAL, BINARY = "text", "hexencodedtext", "binary"


def received(request: WebhookRequest) -> Received:
    """Read a request: one text or one receipt, or a list of them.

    Raises `WebhookRefused` if none of it is what OpenMarket sends. The address for receipts takes
    no texts: its key does not prove who sent a text.
    """
    document = document_of(request)
    takes_texts = request.webhook != DESCRIPTION.reports_webhook.path
    texts: list[InboundText] = []
    reports: list[StatusReport] = []
    unread: list[str] = []
    for element in document.children or (document,):
        try:
            if element.name == "deliveryreceipt":
                reports.append(_report(element, request))
            elif takes_texts and (text := _text_in(element)):
                texts.append(text)
        except WebhookRefused as error:
            unread.append(str(error))
    if not texts and not reports:
        if unread:
            raise WebhookRefused(unread[0])
        reports = [_report(document, request)]  # a receipt without its outer name
    return Received(tuple(texts), tuple(reports), next(iter(unread), ""))


def _text_in(element: Element) -> InboundText | None:
    """Return the text that an element is; None if it is something else."""
    if element.name == "mobileoriginate":
        return _text(element)
    if element.name == "request" and element.value("type") == "deliver":
        return _text_of_version_3(element)
    return None


def document_of(request: WebhookRequest) -> Element:
    """Return the document in a request. Raises `WebhookRefused`."""
    try:
        return read(request.body, request.header("content-type"))
    except Unreadable as error:
        raise WebhookRefused(str(error)) from error


def address(element: Element) -> str:
    """Return the address of a party: international with a plus sign, or a short code or name."""
    written, kind = element.value("address"), element.value("ton")
    is_number = written.isascii() and written.isdecimal()
    if is_number and (kind == INTERNATIONAL or len(written) >= SHORTEST_INTERNATIONAL):
        return f"+{written}"
    return written


def part_of(element: Element, ticket: str) -> TextPart | None:
    """Return the part of our text that a receipt is about; None for the whole text.

    Version 3 tells the number only, and has it only for texts in parts: the total is then 0.
    """
    number, total = count(element, "segmentnumber"), count(element, "totalsegments")
    if number is None or total == 1:
        return None
    return TextPart(ticket, number, 0 if total is None else max(number, total))


def code_of(element: Element) -> str:
    """Return the code in a receipt or a part's status; empty if there is none."""
    candidates = (element, *(element.child(name) for name in ABOUT_THE_TEXT))
    found = (one.value(*CODES) or one.value("status") for one in candidates)
    return next((code for code in found if code.isascii() and code.isdecimal()), "")


def words_of(element: Element) -> str | None:
    """Return OpenMarket's words for the code in a receipt or a part's status."""
    candidates = (element, *(element.child(name) for name in ABOUT_THE_TEXT))
    return next((words for one in candidates if (words := one.value("description"))), None)


def _text(element: Element) -> InboundText:
    message = element.child("message")
    kind, content = message.value("type").lower() or IN_TEXT, message.values.get("content")
    if content is None:  # or it is no text, and would be taken for an empty one
        raise WebhookRefused("The text has no content.")
    part: TextPart | None = None
    if kind != IN_TEXT:
        has_header = message.value("udh").lower() in ("true", "1")
        part, content = _of_hexadecimal(content, kind, has_header=has_header)
    return _inbound(element, _ticket(element.value("ticketid")), part, content)


def _text_of_version_3(element: Element) -> InboundText:
    message, kind = element.child("message"), IN_HEXADECIMAL
    has_header = message.value("udhi").lower() in ("true", "1")
    part, content = _of_hexadecimal(message.value("data"), kind, has_header=has_header)
    return _inbound(element, _ticket(element.child("ticket").value("id")), part, content)


def _inbound(element: Element, ticket: str, part: TextPart | None, content: str) -> InboundText:
    sender, recipient = address(element.child("source")), address(element.child("destination"))
    if not sender or not recipient:
        raise WebhookRefused("The text has no sender or no recipient.")
    return InboundText(
        # Whether the parts of a text share their ticket is not documented.
        provider_message_id=f"{ticket}/{part.reference}/{part.number}" if part else ticket,
        sender=sender,
        recipient=recipient,
        text=content if part else whole(content),
        part=part,
        raw=MappingProxyType(element.flat()),
    )


def _of_hexadecimal(content: str, kind: str, *, has_header: bool) -> tuple[TextPart | None, str]:
    """Return the part and the text in hexadecimal content. Raises `WebhookRefused`."""
    try:
        octets = bytes.fromhex(content)
    except ValueError as error:
        raise WebhookRefused("The content is not hexadecimal.") from error
    part, octets = user_data.split(octets) if has_header else (None, octets)
    if kind == BINARY:
        return part, f"[A binary message of {len(octets)} bytes]"
    return part, user_data.decoded(octets)


def _report(element: Element, request: WebhookRequest) -> StatusReport:
    ticket = _ticket(element.value("parentticketid", "ticketid"))
    code = code_of(element)
    if not code:
        raise WebhookRefused("The receipt has no code.")
    status = status_of(code)
    sender = address(element.child("source"))
    return StatusReport(
        provider_message_id=ticket,
        status=status,
        message_id=dict(request.query).get(OUR_MESSAGE_ID) or element.value("note1") or None,
        provider_code=code,
        failure=_failure(code, element) if status is MessageStatus.undelivered else None,
        senders=(sender,) if sender else (),
        recipient=address(element.child("destination")) or None,
        part=part_of(element, ticket),
        billing=Billing(total) if (total := count(element, "totalsegments")) else None,
    )


def _failure(code: str, element: Element) -> SendError | None:
    return failure_of(code, words_of(element))


def _ticket(written: str) -> str:
    if not TICKET.fullmatch(written):
        raise WebhookRefused("The ticket is missing or malformed.")
    return written


def count(element: Element, name: str) -> int | None:
    """Return a number of parts, from 1; None if it is missing or nonsense."""
    written = element.value(name)
    is_number = len(written) <= 3 and written.isascii() and written.isdecimal()
    return int(written) if is_number and 1 <= int(written) <= MOST_PARTS else None
