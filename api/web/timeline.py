"""A transcript as people read it: texts and notes, and between them what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.schemas.conversations import MessageOut
from api.web import happenings
from database.queries import desk
from database.queries.desk import Names
from database.tables import Event, Message
from domain.words import Automatic, EventKind, MessageStatus

ENTRIES = 120
"""Entries of one look; earlier ones are fetched when asked for."""

DELIVERY = {
    MessageStatus.queued: "Waiting to be sent",
    MessageStatus.sending: "Sending",
    MessageStatus.unknown: "Not confirmed yet",
    MessageStatus.sent: "Sent",
    MessageStatus.delivered: "Delivered",
    MessageStatus.undelivered: "Not delivered",
    MessageStatus.failed: "Not sent",
}


@dataclass(frozen=True)
class Entry:
    """One entry: a message, or words about what happened. `place` is the event's id."""

    place: int
    at: datetime
    message: MessageOut | None = None
    writer: str | None = None
    delivery: str | None = None
    occasion: str | None = None
    happened: str | None = None
    score: int | None = None

    @property
    def id(self) -> str:
        return f"message-{self.message.id}" if self.message else f"event-{self.place}"


@dataclass(frozen=True)
class Timeline:
    """Entries in order. `earlier`: the place to look before for more, None at the beginning."""

    entries: Sequence[Entry]
    earlier: int | None


async def latest(
    session: AsyncSession,
    conversation_id: UUID,
    names: Names,
    *,
    before: int | None = None,
    limit: int = ENTRIES,
) -> Timeline:
    """Return the last entries of a conversation, or the last before a place."""
    found = await desk.latest_happenings(session, conversation_id, before=before, limit=limit + 1)
    shown = found[-limit:]
    earlier = shown[0].id if len(found) > limit else None
    return Timeline(await entries(session, conversation_id, shown, names), earlier)


async def entries(
    session: AsyncSession, conversation_id: UUID, happened: Sequence[Event], names: Names
) -> list[Entry]:
    """Return the entries of one conversation's events, in order; a delivery updates its text."""
    moved = {_message_id(event) for event in happened if event.kind == EventKind.message_status}
    added = [event for event in happened if event.kind == EventKind.message_added]
    moved -= {_message_id(event) for event in added}
    if moved:
        added += await desk.places(session, conversation_id, moved)
    messages = await desk.messages(session, conversation_id, {_message_id(e) for e in added})
    found = [_message(event, messages[_message_id(event)], names) for event in added]
    found += [entry for event in happened if (entry := _happening(event, names))]
    return sorted(found, key=lambda entry: entry.place)


def _message_id(event: Event) -> UUID:
    return UUID(event.data["message_id"])


def _message(event: Event, row: Message, names: Names) -> Entry:
    message = MessageOut.of(row)
    return Entry(
        place=event.id,
        at=message.written_at,
        message=message,
        writer=names.agents.get(message.agent_id or ""),
        delivery=DELIVERY.get(message.status),
        occasion=_occasion(message.automatic),
    )


def _occasion(automatic: Automatic | None) -> str | None:
    return automatic.value.replace("_", " ") if automatic else None


def _happening(event: Event, names: Names) -> Entry | None:
    """Return the entry of what happened, None for what a text beside it says already."""
    words = happenings.words(event, names)
    if words is None:
        return None
    score = event.data.get("score") if event.kind == EventKind.survey_answered else None
    return Entry(place=event.id, at=event.at, happened=words, score=score)
