"""Events as they are posted to endpoints: their id, and their JSON (docs/webhooks.md)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from database.queries.endpoint_events import Told
from database.tables import Event, Message

VERSION = 1
"""Of the form below. Fields may be added to it; whatever else changes makes the next version."""
PING = "ping"
NAMESPACE = UUID("b2a9c1de-6d5f-4a53-9f0e-3c1f0a7d6e21")


def webhook_id(endpoint_id: str, event: Event) -> str:
    """Return the id of an event for an endpoint: the same at each attempt, and in a replay.

    The time is part of it: a database that was restored to an earlier time gives the same numbers
    to other events.
    """
    at = event.at.astimezone(UTC).isoformat()
    return f"evt_{uuid5(NAMESPACE, f'{endpoint_id}/{event.id}/{at}').hex}"


def body_of(told: Told, *, with_texts: bool, more: Mapping[str, Any] | None = None) -> bytes:
    """Return an event's JSON. `with_texts`: also its message's text and the consumer's number.

    `more`: details that this endpoint alone gets.
    """
    event = told.event
    data: dict[str, Any] = {
        "event_id": event.id,
        "account_id": event.account_id,
        "conversation_id": _text(event.conversation_id),
        "line_id": told.line_id,
        "consumer_id": _text(told.consumer_id),
        "agent_id": event.agent_id,
        "details": {**event.data, **(more or {})},
    }
    if with_texts:
        data |= {"consumer_number": told.number, "message": _message(told.message)}
    return _written(event.kind, event.at, data)


def ping_body(account_id: str, at: datetime) -> bytes:
    """Return the JSON of a test."""
    return _written(PING, at, {"account_id": account_id})


def _written(kind: str, at: datetime, data: Mapping[str, Any]) -> bytes:
    moment = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    whole = {"type": kind, "timestamp": moment, "version": VERSION, "data": data}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def _message(message: Message | None) -> dict[str, Any] | None:
    if message is None:
        return None
    return {
        "id": str(message.id),
        "author": message.author,
        "agent_id": message.agent_id,
        "automatic": message.automatic,
        "text": message.text,
        "media": [ref.get("file_id") for ref in message.media],
        "written_at": message.written_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    }


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None
