"""A transcript as people read it: texts and notes, and between them what happened."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.clock import utc_now
from api.schemas.conversations import MessageOut
from database.queries import workspace
from database.queries.unsent import unsent
from database.queries.workspace import Names
from database.tables import Event, Message
from domain.automatic.catalogue import CATALOGUE, OF_THE_SURVEY
from domain.conversation.kinds import Author, EventKind
from domain.delivery.delays import reasons
from domain.delivery.message_status import MessageStatus
from web.scores import Score
from web.workspace import event_text

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

OF_RATING = frozenset(
    {EventKind.survey_answered, EventKind.survey_followed_up, EventKind.survey_ended}
)


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
    rating: Score | None = None
    leads_to: str | None = None
    """The id of the conversation its texts went to, or came from."""
    leaves_at: datetime | None = None
    """When a text that was written for later leaves."""
    planned_at: datetime | None = None
    """When a text was written that left later."""
    is_survey: bool = False
    command: str | None = None
    """The key of the request that caused it, by which a page knows its own."""

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
    found = await workspace.latest_happenings(
        session, conversation_id, before=before, limit=limit + 1
    )
    shown = found[-limit:]
    earlier = shown[0].id if len(found) > limit else None
    return Timeline(await entries(session, conversation_id, shown, names), earlier)


async def entries(
    session: AsyncSession, conversation_id: UUID, happened: Sequence[Event], names: Names
) -> list[Entry]:
    """Return the entries of one conversation's events, in order; a delivery updates its text."""
    moved = {_message_id(event) for event in happened if event.kind == EventKind.message_status}
    added = [event for event in happened if event.kind == EventKind.message_added]
    if moved:  # a text that waits for one of these may wait for another reason now, or no more
        moved |= {text.message_id for text in await unsent(session, conversation_id)}
    moved -= {_message_id(event) for event in added}
    if moved:
        added += await workspace.places(session, conversation_id, moved)
    told = await _told(session, conversation_id, {_message_id(event) for event in added})
    # A text the survey had no use for went on into the next conversation.
    here = [event for event in added if _message_id(event) in told.messages]
    found = [_message(event, told, names) for event in here]
    found += [entry for event in happened if (entry := _happening(event, names))]
    return sorted(found, key=lambda entry: entry.place)


def _message_id(event: Event) -> UUID:
    return UUID(event.data["message_id"])


@dataclass(frozen=True)
class _Told:
    """What the messages of some entries say, and what must be known to show them."""

    messages: Mapping[UUID, Message]
    planned: Mapping[UUID, datetime]
    """When those that left later were written."""
    closed_at: datetime | None
    waits: Mapping[UUID, str]
    """Why those wait that have not left yet."""


async def _told(session: AsyncSession, conversation_id: UUID, ids: Collection[UUID]) -> _Told:
    if not ids:
        return _Told({}, {}, None, {})
    return _Told(
        messages=await workspace.messages(session, conversation_id, ids),
        planned=await workspace.planned(session, conversation_id, ids),
        closed_at=await workspace.closed_at(session, conversation_id),
        waits=reasons(await unsent(session, conversation_id), utc_now()),
    )


def _message(event: Event, told: _Told, names: Names) -> Entry:
    message_id = _message_id(event)
    message = MessageOut.of(told.messages[message_id], told.waits.get(message_id))
    return Entry(
        place=event.id,
        at=message.written_at,
        message=message,
        writer=names.agents.get(message.agent_id or ""),
        delivery=DELIVERY.get(message.status),
        occasion=CATALOGUE[message.automatic].name if message.automatic else None,
        planned_at=told.planned.get(message.id),
        is_survey=_is_of_survey(message, told.closed_at),
        command=_command(event),
    )


def _is_of_survey(message: MessageOut, closed_at: datetime | None) -> bool:
    """Say whether it asks for a rating or answers: what consumers write after the closing."""
    if message.author is Author.consumer:
        return closed_at is not None and message.written_at >= closed_at
    return message.automatic in OF_THE_SURVEY


def _happening(event: Event, names: Names) -> Entry | None:
    """Return the entry of what happened, None for what a text beside it says already."""
    words = event_text.words(event, names)
    if words is None:
        return None
    leaves_at = event.data.get("at") if event.kind == EventKind.text_scheduled else None
    return Entry(
        place=event.id,
        at=event.at,
        happened=words,
        rating=event_text.rating_of(event, names),
        leads_to=event_text.link_of(event),
        leaves_at=datetime.fromisoformat(leaves_at) if leaves_at else None,
        is_survey=EventKind(event.kind) in OF_RATING,
        command=_command(event),
    )


def _command(event: Event) -> str | None:
    """Return the caller's own part of a command's key."""
    return event.command_key.rpartition(":")[2] if event.command_key else None
