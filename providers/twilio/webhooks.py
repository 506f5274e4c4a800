"""Reads Twilio's webhooks: consumers' texts and delivery callbacks.

Twilio adds parameters "without advance notice", so unknown ones are ignored.
https://www.twilio.com/docs/messaging/guides/webhook-request
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from domain.conversation.effects import MediaRef
from domain.delivery.message_status import MessageStatus
from providers.billing import Billing, amount, currency, whole
from providers.contract import (
    InboundText,
    SendError,
    StatusReport,
    WebhookRefused,
    WebhookRequest,
)
from providers.failures import Failure, failed
from providers.twilio.errors import from_callback

MESSAGE_SID = re.compile(r"(SM|MM)[0-9a-fA-F]{32}")
CHANNEL = re.compile(r"([A-Za-z][A-Za-z0-9+._-]{0,30}):")
MOST_MEDIA = 11  # Twilio numbers media from 0 up to 10
UNKNOWN_MEDIA = "application/octet-stream"
OUR_MESSAGE_ID = "mid"

STATUSES: Mapping[str, MessageStatus] = MappingProxyType(
    {
        "accepted": MessageStatus.queued,
        "scheduled": MessageStatus.queued,
        "queued": MessageStatus.queued,
        "sending": MessageStatus.sending,
        "sent": MessageStatus.sent,
        "partially_delivered": MessageStatus.sent,
        "delivered": MessageStatus.delivered,
        "read": MessageStatus.delivered,
        "undelivered": MessageStatus.undelivered,
        "failed": MessageStatus.failed,
        "canceled": MessageStatus.failed,
    }
)


def fields_of(request: WebhookRequest) -> dict[str, str]:
    """Return the parameters of the form, or of the query when the webhook is configured as GET.

    Of a duplicated parameter the first value counts. NUL bytes, which PostgreSQL cannot store, are
    removed.
    """
    pairs = request.form or request.query
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields.setdefault(name.replace("\0", ""), value.replace("\0", ""))
    return fields


def inbound_text(request: WebhookRequest) -> InboundText:
    """Read a consumer's text. Raises `WebhookRefused` for any other request."""
    fields = fields_of(request)
    status = fields.get("SmsStatus") or fields.get("MessageStatus") or "received"
    if status not in ("received", "receiving"):
        raise WebhookRefused("This is a delivery callback, not a consumer's text.")
    sender, recipient = _required(fields, "From"), _required(fields, "To")
    return InboundText(
        provider_message_id=_message_sid(fields),
        sender=sender,
        recipient=recipient,
        text=fields.get("Body", ""),
        media=tuple(_media(fields)),
        opt_out_type=_opt_out_type(fields),
        service=fields.get("MessagingServiceSid", "").strip() or None,
        channel=channel_of(sender) or channel_of(recipient),
        raw=MappingProxyType(fields),
    )


def status_report(request: WebhookRequest) -> StatusReport | None:
    """Read a delivery callback; None for a status that we do not use."""
    fields = fields_of(request)
    sid = _message_sid(fields)
    word = fields.get("MessageStatus") or fields.get("SmsStatus") or ""
    status = STATUSES.get(word.lower())
    if status is None:
        return None
    code = fields.get("ErrorCode") or None
    ours = dict(request.query).get(OUR_MESSAGE_ID) or None
    named = (fields.get("From", ""), fields.get("MessagingServiceSid", ""))
    return StatusReport(
        provider_message_id=sid,
        status=status,
        message_id=ours,
        provider_code=code,
        failure=failure_of(word, code, fields.get("ErrorMessage")),
        billing=_billing(fields),
        senders=tuple(sender for sender in named if sender),
        recipient=fields.get("To", "").strip() or None,
    )


def _billing(fields: Mapping[str, str]) -> Billing | None:
    """Return what the callback tells of the price; most tell nothing."""
    segments, price = whole(fields.get("NumSegments")), amount(fields.get("Price"))
    if not segments and price is None:
        return None
    unit = currency(fields.get("PriceUnit")) if price is not None else None
    return Billing(segments or None, price, unit)


def failure_of(word: str, code: str | None, told: str | None = None) -> SendError | None:
    """Return why a text did not arrive, by Twilio's status and error code; None if it may have."""
    word = word.lower()
    if STATUSES.get(word) not in (MessageStatus.failed, MessageStatus.undelivered):
        return None
    if word == "canceled" and code is None:
        return failed(Failure.cancelled)
    return from_callback(code, told)


def _message_sid(fields: Mapping[str, str]) -> str:
    sid = fields.get("MessageSid") or fields.get("SmsMessageSid") or fields.get("SmsSid") or ""
    if not MESSAGE_SID.fullmatch(sid):
        raise WebhookRefused("MessageSid is missing or malformed.")
    return sid


def _required(fields: Mapping[str, str], name: str) -> str:
    value = fields.get(name, "").strip()
    if not value:
        raise WebhookRefused(f"{name} is missing.")
    return value


def channel_of(address: str) -> str | None:
    """Return the channel in an address such as `whatsapp:+15550123`; None for a number."""
    found = CHANNEL.match(address)
    return found[1].lower() if found else None


def _media(fields: Mapping[str, str]) -> Iterator[MediaRef]:
    for number in range(MOST_MEDIA):
        if url := fields.get(f"MediaUrl{number}"):
            kind = fields.get(f"MediaContentType{number}") or UNKNOWN_MEDIA
            yield MediaRef(url=url, content_type=kind)


def _opt_out_type(fields: Mapping[str, str]) -> str | None:
    keyword = fields.get("OptOutType", "").upper()
    return keyword if keyword in ("STOP", "START", "HELP") else None
