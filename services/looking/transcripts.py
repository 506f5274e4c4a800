"""Transcripts: messages in order, and the events between them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import conversations, failed_texts, media, workspace
from database.queries.parts import NO_LONG_TEXTS, LongTexts, long_texts
from database.queries.unsent_texts import unsent
from database.tables import Event, MediaFile, Message
from domain.conversation.kinds import Author, EventKind
from domain.delivery.delays import reasons
from domain.delivery.message_status import MessageStatus
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services import auditing
from services.caller import Caller
from services.clock import utc_now
from services.looking.conversations import FURTHEST, find_conversation


@dataclass(frozen=True)
class Transcript:
    """Messages in order. `waits`: why a message has not been sent yet, by its id. `files`: what
    became of their files, by the files' ids.
    """

    messages: Sequence[Message]
    waits: Mapping[UUID, str]
    files: Mapping[UUID, MediaFile]
    long: LongTexts


@dataclass(frozen=True)
class Entries:
    """A conversation's events in order, and what is needed to show them.

    `added`: the events that brought messages, also those whose delivery status has changed.
    """

    events: Sequence[Event]
    added: Sequence[Event]
    messages: Mapping[UUID, Message]
    planned: Mapping[UUID, datetime]
    """When the messages that were sent by schedule were written."""
    survey_since: datetime | None
    idle: Collection[UUID]
    """Texts after the end that opened nothing: thanks, and answers of a phone by itself."""
    waits: Mapping[UUID, str]
    """Why messages that were not sent yet are waiting."""
    files: Mapping[UUID, MediaFile]
    long: LongTexts = NO_LONG_TEXTS
    sent_again: Collection[UUID] = ()
    """Texts that did not leave, whose words were sent again."""


@dataclass(frozen=True)
class Latest:
    """The end of a transcript, or the part before an event.

    `earlier`: the event before which there is more, None at the beginning.
    """

    entries: Entries
    earlier: int | None


async def read_transcript(
    caller: Caller, session: AsyncSession, conversation_id: UUID, *, after: int, limit: int
) -> Transcript:
    """Return messages, oldest first, after a position. Raises `NotFound`."""
    await _looked_in(caller, session, conversation_id)
    rows = await conversations.transcript(
        session, conversation_id, after=min(after, FURTHEST), limit=limit
    )
    waits = await _waits(session, conversation_id)
    long = await long_texts(session, [row.id for row in rows])
    return Transcript(rows, waits, await _files(session, rows), long)


async def read_latest(
    caller: Caller,
    session: AsyncSession,
    conversation_id: UUID,
    *,
    before: int | None,
    limit: int,
) -> Latest:
    """Return the last events, or the last ones before an event. Raises `NotFound`."""
    await _looked_in(caller, session, conversation_id)
    found = await workspace.latest_events(session, conversation_id, before=before, limit=limit + 1)
    events = found[-limit:]
    earlier = events[0].id if len(found) > limit else None
    return Latest(await _load_entries(session, conversation_id, events), earlier)


async def _looked_in(caller: Caller, session: AsyncSession, conversation_id: UUID) -> None:
    """Find a conversation to be read, and keep that it was. Raises `NotFound`."""
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_read)
    row = (await find_conversation(caller, session, conversation_id)).conversation
    await auditing.note_looked_in(caller, session, {row.id: row.agent_id})


async def find_moment(
    caller: Caller, session: AsyncSession, conversation_id: UUID, at: datetime
) -> int | None:
    """Return the first event at a moment or after it; None: that is the end. Raises `NotFound`."""
    await find_conversation(caller, session, conversation_id)
    return await workspace.event_at(session, conversation_id, at)


async def read_after(
    caller: Caller, session: AsyncSession, conversation_id: UUID, *, after: int, limit: int
) -> tuple[Entries, bool]:
    """Return the events after one, and whether there are more after them. Raises `NotFound`."""
    await find_conversation(caller, session, conversation_id)
    found = await workspace.events_after(session, conversation_id, after, limit=limit + 1)
    entries = await _load_entries(session, conversation_id, found[:limit])
    return entries, len(found) > limit


async def _load_entries(
    session: AsyncSession, conversation_id: UUID, events: Sequence[Event]
) -> Entries:
    added = [event for event in events if event.kind == EventKind.message_added]
    ids: Collection[UUID] = {message_id(event) for event in added}
    if not ids:
        return Entries(events, (), {}, {}, None, (), {}, {})
    messages = await workspace.messages(session, conversation_id, ids)
    authors = {message.author for message in messages.values()}
    planned: Mapping[UUID, datetime] = {}
    waits: Mapping[UUID, str] = {}
    survey_since, idle, long = None, cast(Collection[UUID], ()), NO_LONG_TEXTS
    # Each is asked for only where it can be: most changes are one text.
    if Author.agent in authors:
        planned = await workspace.planned(session, conversation_id, ids)
    if authors - {Author.consumer, Author.note}:
        waits = await _waits(session, conversation_id)
    if Author.consumer in authors:
        survey_since = await workspace.survey_since(session, conversation_id)
        long = await long_texts(session, messages)
    if survey_since is not None:
        idle = await workspace.asked_for_nothing(session, conversation_id, ids)
    return Entries(
        events=events,
        # A text that was no answer to the survey has moved to the next conversation.
        added=[event for event in added if message_id(event) in messages],
        messages=messages,
        planned=planned,
        survey_since=survey_since,
        idle=idle,
        waits=waits,
        files=await _files(session, messages.values()),
        long=long,
        sent_again=await _sent_again(session, conversation_id, messages.values()),
    )


async def _sent_again(
    session: AsyncSession, conversation_id: UUID, messages: Iterable[Message]
) -> Collection[UUID]:
    if all(message.status != MessageStatus.failed for message in messages):
        return ()
    return await failed_texts.sent_again(session, conversation_id)


async def _files(session: AsyncSession, messages: Iterable[Message]) -> Mapping[UUID, MediaFile]:
    return await media.by_id(session, file_ids(messages))


def file_ids(messages: Iterable[Message]) -> Collection[UUID]:
    """Return the files that messages name."""
    named = (ref.get("file_id") for message in messages for ref in message.media)
    return {UUID(file_id) for file_id in named if file_id}


async def _waits(session: AsyncSession, conversation_id: UUID) -> Mapping[UUID, str]:
    return reasons(await unsent(session, conversation_id), utc_now())


def message_id(event: Event) -> UUID:
    """Return the message an event is about."""
    return UUID(event.data["message_id"])
