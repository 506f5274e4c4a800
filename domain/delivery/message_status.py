"""Delivery statuses of messages."""

from enum import StrEnum


class MessageStatus(StrEnum):
    """Status of an outgoing text. `received`: a consumer's text. `written`: a note."""

    received = "received"
    written = "written"
    queued = "queued"
    sending = "sending"
    unknown = "unknown"
    sent = "sent"
    delivered = "delivered"
    undelivered = "undelivered"
    failed = "failed"
