"""A transcript as its page shows it: texts and notes, and the events between them as sentences."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.schemas.conversations import MessageOut
from database.queries.workspace import Names
from database.tables import Event
from domain.automatic.catalogue import CATALOGUE, OF_THE_SURVEY
from domain.conversation.kinds import Author, EventKind
from domain.erasure.kinds import ERASED
from services.caller import Caller
from services.looking import transcripts
from services.looking.transcripts import Entries
from web.delivery import DELIVERY
from web.directions import isolated
from web.transcripts import event_text, wire
from web.transcripts.wire import rating_of
from web.words import _, said

AT_ONCE = 120
"""Entries that are read at once. More on demand."""

OF_RATING = frozenset(
    {EventKind.survey_answered, EventKind.survey_followed_up, EventKind.survey_ended}
)


@dataclass(frozen=True)
class Part:
    """Which part of a transcript to read: its end, or what is beside an event."""

    before: int | None = None
    after: int | None = None
    around: int | None = None
    at: datetime | None = None
    """Around the first event at this moment or after it."""
    limit: int = AT_ONCE


@dataclass(frozen=True)
class Reader:
    """Who reads, and the names that sentences mention. `as_of`: the newest event by then."""

    caller: Caller
    session: AsyncSession
    names: Names
    as_of: int


async def read_part(reader: Reader, conversation_id: UUID, part: Part) -> wire.Entries:
    """Return a part of a transcript. Raises `NotFound`."""
    around = part.around
    if part.at is not None:
        around = await transcripts.find_moment(
            reader.caller, reader.session, conversation_id, part.at
        )
    if around is not None:
        half = max(part.limit // 2, 1)
        before = await _before(reader, conversation_id, around + 1, half)
        after = await _after(reader, conversation_id, around, half)
        entries = [*before.entries, *after.entries]
        return after.model_copy(update={"entries": entries, "earlier": before.earlier})
    if part.after is not None:
        return await _after(reader, conversation_id, part.after, part.limit)
    return await _before(reader, conversation_id, part.before, part.limit)


async def _before(
    reader: Reader, conversation_id: UUID, before: int | None, limit: int
) -> wire.Entries:
    found = await transcripts.read_latest(
        reader.caller, reader.session, conversation_id, before=before, limit=limit
    )
    part = answer(reader, conversation_id, found.entries)
    if not part.entries and found.earlier is not None:  # events without words of their own
        return await _before(reader, conversation_id, found.earlier, limit)
    return part.model_copy(update={"earlier": found.earlier is not None})


async def _after(reader: Reader, conversation_id: UUID, after: int, limit: int) -> wire.Entries:
    found, is_more = await transcripts.read_after(
        reader.caller, reader.session, conversation_id, after=after, limit=limit
    )
    part = answer(reader, conversation_id, found)
    if not part.entries and is_more:
        return await _after(reader, conversation_id, found.events[-1].id, limit)
    return part.model_copy(update={"later": is_more})


def answer(reader: Reader, conversation_id: UUID, found: Entries) -> wire.Entries:
    """Return what was read of a transcript as its page shows it. A delivery brings its text."""
    entries = [_message_entry(event, found, reader.names) for event in found.added]
    entries += [entry for event in found.events if (entry := _event_entry(event, reader.names))]
    in_order = sorted(entries, key=lambda entry: entry.id)
    return wire.Entries(conversation_id=conversation_id, as_of=reader.as_of, entries=in_order)


def _message_entry(event: Event, found: Entries, names: Names) -> wire.Entry:
    message_id = transcripts.message_id(event)
    row = found.messages[message_id]
    message = MessageOut.of(row, found.files, found.waits.get(message_id), found.long)
    if message.text == ERASED:
        message = message.model_copy(update={"text": _("[erased]")})
    return wire.Entry(
        id=event.id,
        kind="message",
        at=message.written_at,
        message=message,
        by=_writer(message, names),
        label=_label(event, message),
        delivery=DELIVERY.get(message.status),
        planned_at=found.planned.get(message.id),
        is_survey=_is_of_survey(message, found),
        sends_again=event.data.get("sends_again"),
        is_sent_again=message.id in found.sent_again,
        command=_command(event),
    )


def _writer(message: MessageOut, names: Names) -> wire.Writer:
    if message.bot_name:
        return wire.Writer(kind=message.author, id=message.bot_id, name=message.bot_name)
    name = names.agents.get(message.agent_id or "")
    return wire.Writer(kind=message.author, id=message.agent_id, name=name)


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


def _event_entry(event: Event, names: Names) -> wire.Entry | None:
    """Return the entry for an event, None where a text beside it says the same."""
    words = event_text.words(event, names)
    if words is None:
        return None
    leaves_at = event.data.get("at") if event.kind == EventKind.text_scheduled else None
    return wire.Entry(
        id=event.id,
        kind="event",
        at=event.at,
        sentence=isolated(words, names.said),
        rating=rating_of(event_text.rating_of(event, names)),
        leads_to=event_text.link_of(event),
        leaves_at=datetime.fromisoformat(leaves_at) if leaves_at else None,
        is_survey=EventKind(event.kind) in OF_RATING,
        command=_command(event),
    )


def _command(event: Event) -> str | None:
    """Return the caller's own part of a command's key."""
    return event.command_key.rpartition(":")[2] if event.command_key else None
