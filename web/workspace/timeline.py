"""A transcript as its page shows it: texts and notes, and the events between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.schemas.conversations import MessageOut
from database.queries.workspace import Names
from database.tables import Event
from domain.automatic.catalogue import CATALOGUE, OF_THE_SURVEY
from domain.conversation.kinds import Author, EventKind
from domain.delivery.message_status import MessageStatus
from services.caller import Caller
from services.looking import transcripts
from services.looking.transcripts import Entries
from web.scores import Score
from web.words import Words, said
from web.workspace import event_text

ENTRIES = 120
"""How many entries are shown at first; earlier ones are loaded on demand."""

DELIVERY = Words(
    {
        MessageStatus.queued: "Waiting to be sent",
        MessageStatus.sending: "Sending",
        MessageStatus.unknown: "Not confirmed yet",
        MessageStatus.sent: "Sent",
        MessageStatus.delivered: "Delivered",
        MessageStatus.undelivered: "Not delivered",
        MessageStatus.failed: "Not sent",
    }
)

OF_RATING = frozenset(
    {EventKind.survey_answered, EventKind.survey_followed_up, EventKind.survey_ended}
)


@dataclass(frozen=True)
class Entry:
    """One entry: a message, or an event in words. `position`: the event's id."""

    position: int
    at: datetime
    message: MessageOut | None = None
    writer: str | None = None
    delivery: str | None = None
    message_label: str | None = None
    words: str | None = None
    rating: Score | None = None
    leads_to: str | None = None
    """The id of the conversation its texts moved to, or came from."""
    leaves_at: datetime | None = None
    """When a scheduled text will be sent."""
    planned_at: datetime | None = None
    """When a text that was sent by schedule was written."""
    is_survey: bool = False
    command: str | None = None
    """The key of the request that caused it: a page recognises its own by it."""

    @property
    def id(self) -> str:
        return f"message-{self.message.id}" if self.message else f"event-{self.position}"


@dataclass(frozen=True)
class Timeline:
    """Entries in order. `earlier`: load more from before this position, None at the beginning."""

    entries: Sequence[Entry]
    earlier: int | None


async def latest(
    caller: Caller,
    session: AsyncSession,
    conversation_id: UUID,
    names: Names,
    *,
    before: int | None = None,
    limit: int = ENTRIES,
) -> Timeline:
    """Return the last entries of a conversation, or those before a position. Raises `NotFound`."""
    found = await transcripts.read_latest(
        caller, session, conversation_id, before=before, limit=limit
    )
    return Timeline(_in_order(found.entries, names), found.earlier)


async def entries(
    caller: Caller,
    session: AsyncSession,
    conversation_id: UUID,
    events: Sequence[Event],
    names: Names,
) -> list[Entry]:
    """Return the entries for one conversation's events, in order. A delivery brings its text."""
    found = await transcripts.read_entries(caller, session, conversation_id, events)
    return _in_order(found, names)


def _in_order(found: Entries, names: Names) -> list[Entry]:
    shown = [_message_entry(event, found, names) for event in found.added]
    shown += [entry for event in found.events if (entry := _event_entry(event, names))]
    return sorted(shown, key=lambda entry: entry.position)


def _message_entry(event: Event, found: Entries, names: Names) -> Entry:
    message_id = transcripts.message_id(event)
    row = found.messages[message_id]
    message = MessageOut.of(row, found.files, found.waits.get(message_id), found.long)
    return Entry(
        position=event.id,
        at=message.written_at,
        message=message,
        writer=names.agents.get(message.agent_id or ""),
        delivery=DELIVERY.get(message.status),
        message_label=_label(event, message),
        planned_at=found.planned.get(message.id),
        is_survey=_is_of_survey(message, found),
        command=_command(event),
    )


def _label(event: Event, message: MessageOut) -> str | None:
    if message.automatic:
        return said(CATALOGUE[message.automatic].name)
    return event_text.label_of(event)


def _is_of_survey(message: MessageOut, found: Entries) -> bool:
    """Say whether a message belongs to the survey: a question, or an answer after the closing."""
    if message.author is Author.consumer:
        since = found.survey_since
        is_after = since is not None and message.written_at >= since
        return is_after and message.id not in found.idle
    return message.automatic in OF_THE_SURVEY


def _event_entry(event: Event, names: Names) -> Entry | None:
    """Return the entry for an event, None where a text beside it says the same."""
    words = event_text.words(event, names)
    if words is None:
        return None
    leaves_at = event.data.get("at") if event.kind == EventKind.text_scheduled else None
    return Entry(
        position=event.id,
        at=event.at,
        words=words,
        rating=event_text.rating_of(event, names),
        leads_to=event_text.link_of(event),
        leaves_at=datetime.fromisoformat(leaves_at) if leaves_at else None,
        is_survey=EventKind(event.kind) in OF_RATING,
        command=_command(event),
    )


def _command(event: Event) -> str | None:
    """Return the caller's own part of a command's key."""
    return event.command_key.rpartition(":")[2] if event.command_key else None
