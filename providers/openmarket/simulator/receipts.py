"""Writes the status of a brand's text: receipts, and answers to questions about its ticket."""

from pydantic import JsonValue

from simulator.faults import FaultKind
from simulator.messages import Message, MessageStatus

CODES = {
    MessageStatus.accepted: 2,
    MessageStatus.queued: 2,
    MessageStatus.sent: 3,
    MessageStatus.delivered: 4,
    MessageStatus.undelivered: 810,
    MessageStatus.failed: 400,
}
REASONS = {FaultKind.refused: 351, FaultKind.failed_at_once: 607, FaultKind.undelivered: 508}
FINAL = (MessageStatus.delivered, MessageStatus.undelivered, MessageStatus.failed)
DESCRIPTIONS = {
    2: "Message received",
    3: "Message accepted by mobile operator. Awaiting receipt",
    4: "Message delivered",
}


def code_of(message: Message) -> int:
    """Return OpenMarket's code for the status of a text."""
    return message.error_code or CODES.get(message.status, 2)


def receipt(message: Message, number: int) -> dict[str, JsonValue]:
    """Return the receipt of a part, counted from 1. All parts share the ticket."""
    return {
        "deliveryReceipt": {
            "ticketId": message.sid,
            "submittedDate": message.created_at.isoformat(timespec="milliseconds"),
            "deliveryDate": message.updated_at.isoformat(timespec="milliseconds"),
            "source": {"address": (message.sender or "").removeprefix("+")},
            "destination": {"address": message.recipient.removeprefix("+")},
            **_state(message),
            "segmentNumber": number,
            "totalSegments": message.segments,
        }
    }


def status(message: Message) -> dict[str, JsonValue]:
    """Return the answer to a question about a ticket: a code for all, and one for each part."""
    parts = [
        {"segmentNumber": number, **_state(message)} for number in range(1, message.segments + 1)
    ]
    return {
        "messageStatus": {
            "ticketId": message.sid,
            **_state(message),
            "totalSegments": message.segments,
            "segments": list[JsonValue](parts),
        }
    }


def _state(message: Message) -> dict[str, JsonValue]:
    code = code_of(message)
    return {"code": str(code), "description": DESCRIPTIONS.get(code, "Message delivery failed")}
