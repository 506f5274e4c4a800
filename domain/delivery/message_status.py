"""What can become of an outgoing text."""

from enum import StrEnum


class MessageStatus(StrEnum):
    """Delivery of an outgoing text; `received` for a consumer's, `written` for a note."""

    received = "received"
    written = "written"
    queued = "queued"
    sending = "sending"
    unknown = "unknown"
    sent = "sent"
    delivered = "delivered"
    undelivered = "undelivered"
    failed = "failed"
