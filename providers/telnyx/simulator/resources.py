"""Messages and events, in Telnyx's own fields.

https://developers.telnyx.com/api-reference/callbacks/delivery-update
"""

import json
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import uuid4

from pydantic import BaseModel, Field

from domain.text.segments import segments
from providers.telnyx.simulator.keywords import kind_of
from simulator.messages import Message, MessageStatus, now

PROFILE = "16fd2706-8baf-433b-82eb-8c7fada847da"
PICTURE_TYPE = "image/jpeg"
TITLES = MappingProxyType({40300: "Blocked due to STOP message"})
STATUSES: Mapping[MessageStatus, str] = MappingProxyType(
    {
        MessageStatus.accepted: "queued",
        MessageStatus.queued: "queued",
        MessageStatus.sent: "sent",
        MessageStatus.delivered: "delivered",
        MessageStatus.undelivered: "delivery_failed",
        MessageStatus.failed: "sending_failed",
        MessageStatus.received: "webhook_delivered",
    }
)


class Party(BaseModel):
    phone_number: str
    carrier: str = ""
    line_type: str = "Wireless"


class Recipient(Party):
    status: str


class Media(BaseModel):
    url: str
    content_type: str = PICTURE_TYPE
    sha256: str | None = None
    size: int | None = None


class Problem(BaseModel):
    code: str
    title: str


class MessageResource(BaseModel):
    """A message. Its times are ISO 8601."""

    record_type: str = "message"
    direction: str
    id: str
    type: str
    messaging_profile_id: str = PROFILE
    organization_id: str = PROFILE
    from_: Party = Field(serialization_alias="from")
    to: list[Recipient]
    cc: list[Recipient] = []
    text: str
    subject: str = ""
    media: list[Media]
    webhook_url: str | None
    webhook_failover_url: str | None = None
    encoding: str
    parts: int
    tags: list[str] = []
    cost: dict[str, str] | None = None
    received_at: datetime
    sent_at: datetime | None
    completed_at: datetime | None
    valid_until: datetime | None = None
    errors: list[Problem]
    autoresponse_type: str | None = None


def resource(message: Message) -> MessageResource:
    """Return a message as Telnyx shows it."""
    counted = segments(message.body)
    is_inbound = message.status is MessageStatus.received
    is_final = message.status in (MessageStatus.delivered, MessageStatus.undelivered)
    recipient = Recipient(phone_number=message.recipient, status=STATUSES[message.status])
    return MessageResource(
        direction="inbound" if is_inbound else "outbound",
        id=message.sid,
        type="MMS" if message.media else "SMS",
        from_=Party(phone_number=message.sender or ""),
        to=[recipient],
        text=message.body,
        media=[Media(url=url) for url in message.media],
        webhook_url=message.status_callback,
        encoding="GSM-7" if counted.encoding == "GSM-7" else "UCS2",
        parts=message.segments,
        received_at=message.created_at,
        sent_at=message.sent_at,
        completed_at=message.updated_at if is_final else None,
        errors=_problems(message),
        autoresponse_type=kind_of(message.body) if is_inbound else None,
    )


def event(message: Message, url: str) -> bytes:
    """Return the webhook that tells of a consumer's text or of the state of a text."""
    data = {
        "record_type": "event",
        "id": str(uuid4()),
        "event_type": _event_type(message.status),
        "occurred_at": now().isoformat(timespec="milliseconds"),
        "payload": resource(message).model_dump(mode="json", by_alias=True),
    }
    return json.dumps({"data": data, "meta": {"attempt": 1, "delivered_to": url}}).encode()


def _event_type(status: MessageStatus) -> str:
    if status is MessageStatus.received:
        return "message.received"
    is_under_way = status in (MessageStatus.queued, MessageStatus.sent)
    return "message.sent" if is_under_way else "message.finalized"


def _problems(message: Message) -> list[Problem]:
    if message.error_code is None:
        return []
    title = TITLES.get(message.error_code, "The message was not delivered")
    return [Problem(code=str(message.error_code), title=title)]
