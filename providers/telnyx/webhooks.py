"""Reads Telnyx's webhooks: one event each, about a consumer's text or a text of ours.

https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
"""

from collections.abc import Iterator
from itertools import islice
from types import MappingProxyType

from pydantic import BaseModel, JsonValue, ValidationError

from domain.conversation.effects import MediaRef
from domain.delivery.message_status import MessageStatus
from providers.contract import (
    MOST_FIELDS,
    InboundText,
    Received,
    StatusReport,
    WebhookRefused,
    WebhookRequest,
)
from providers.json_body import json_of
from providers.telnyx.message import TelnyxMessage

RECEIVED = "message.received"
SENT = "message.sent"
FINALIZED = "message.finalized"
OUR_MESSAGE_ID = "mid"
TEXTS = ("SMS", "MMS")
HANDLED = ("STOP", "START", "HELP")
UNKNOWN_MEDIA = "application/octet-stream"
DEEPEST = 6
"""How deep the values are that are kept with a text. Ours: `data.payload.to.0.status` has five."""
LONGEST_NAME = 100
"""Characters of a name in the path to such a value. Ours."""
OURS = "webhook_delivered"
"""The status of the recipient that is one of our numbers, where a group was texted."""


class Kind(BaseModel):
    event_type: str


class KindOfEvent(BaseModel):
    data: Kind


class MessageEvent(BaseModel):
    payload: TelnyxMessage


class EventOfMessage(BaseModel):
    data: MessageEvent


def received(request: WebhookRequest) -> Received:
    """Read an event; events that are not about texts hold nothing. Raises `WebhookRefused`."""
    body = json_of(request.body)
    try:
        kind = KindOfEvent.model_validate(body).data.event_type
        if kind not in (RECEIVED, SENT, FINALIZED):
            return Received()
        message = EventOfMessage.model_validate(body).data.payload
    except ValidationError as error:
        raise WebhookRefused("This is not an event of Telnyx's.") from error
    if kind == RECEIVED:
        return Received(texts=(_text(message, body),))
    report = _report(message, kind, dict(request.query).get(OUR_MESSAGE_ID) or None)
    return Received(reports=(report,) if report else ())


def _text(message: TelnyxMessage, body: JsonValue) -> InboundText:
    sender, recipient = message.sender.phone_number, _recipient(message)
    if not sender or not recipient:
        raise WebhookRefused("The sender or the recipient is missing.")
    kind = (message.type or TEXTS[0]).upper()
    handled = (message.autoresponse_type or "").upper()
    return InboundText(
        provider_message_id=message.id,
        sender=sender,
        recipient=recipient,
        text=message.text or "",
        media=tuple(
            MediaRef(url=one.url, content_type=one.content_type or UNKNOWN_MEDIA)
            for one in message.media
        ),
        opt_out_type=handled if handled in HANDLED else None,
        service=message.messaging_profile_id,
        channel=None if kind in TEXTS else kind.lower(),
        raw=MappingProxyType(dict(islice(_fields(body), MOST_FIELDS))),
    )


def _recipient(message: TelnyxMessage) -> str | None:
    everybody = [*message.to, *message.cc]
    ours = [one for one in everybody if one.status == OURS]
    return next((one.phone_number for one in ours or everybody), None)


def _report(message: TelnyxMessage, kind: str, message_id: str | None) -> StatusReport | None:
    """Return the report; None for a status that we do not use."""
    status = message.status or (MessageStatus.sent if kind == SENT and not message.word else None)
    if status is None:
        return None
    failure = message.failure
    return StatusReport(
        provider_message_id=message.id,
        status=status,
        message_id=message_id,
        provider_code=failure.provider_code if failure else None,
        failure=failure,
        senders=tuple(filter(None, (message.sender.phone_number, message.messaging_profile_id))),
        recipient=message.to[0].phone_number if message.to else None,
        billing=message.billing,
    )


def _fields(value: JsonValue, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Yield the values in the body, with the path to each."""
    match value:
        case dict() if len(path) < DEEPEST:
            for key, one in value.items():
                yield from _fields(one, (*path, key[:LONGEST_NAME]))
        case list() if len(path) < DEEPEST:
            for index, one in enumerate(value):
                yield from _fields(one, (*path, str(index)))
        case str() | int() | float():
            yield ".".join(path), str(value)
