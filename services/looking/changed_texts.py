"""Entries of transcripts that have just changed, read for several conversations at once.

Who may see them is decided for each reader of a stream: `services.following.concerns.may_see`.
`services.looking.transcripts` reads the same of one conversation for one caller.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.queries import changed_texts, media
from database.queries.changed_texts import TextEvents
from database.queries.parts import NO_LONG_TEXTS, LongTexts
from database.queries.unsent_texts import unsent_of
from database.tables import Event, MediaFile, Message
from domain.conversation.kinds import Author, EventKind
from domain.delivery.delays import reasons
from domain.delivery.statuses import UNSENT
from services.clock import utc_now
from services.looking.transcripts import Entries, file_ids, message_id

ByConversation = Mapping[UUID, Sequence[Event]]
CHANGES_A_MESSAGE = frozenset({EventKind.message_status, EventKind.file_changed})
"""Events that show a message of before in a new state."""
UNDER_WAY = frozenset(str(status) for status in UNSENT)


@dataclass(frozen=True)
class _Read:
    """What was read of all changed texts together."""

    messages: Mapping[UUID, Message]
    told: TextEvents
    waits: Mapping[UUID, Mapping[UUID, str]]
    """Why texts have not been sent yet, by their conversations."""
    surveys: Mapping[UUID, datetime]
    files: Mapping[UUID, MediaFile]
    long: LongTexts


async def read_changed(
    session: AsyncSession, direct: Direct, account_id: str, changed: ByConversation
) -> Mapping[UUID, Entries]:
    """Return what is needed to show events, by conversation. Raises `NOT_DONE`.

    Each thing is asked for only where it can be: most changes are one text.
    """
    every = [event for events in changed.values() for event in events]
    moved = {message_id(one) for one in every if one.kind in CHANGES_A_MESSAGE}
    added = {message_id(one) for one in every if one.kind == EventKind.message_added}
    moving = {
        conversation_id
        for conversation_id, events in changed.items()
        if any(one.kind in CHANGES_A_MESSAGE for one in events)
    }
    unsent = dict(await unsent_of(session, moving)) if moving else {}
    # A text that waits for one of these may wait for another reason now, or no more.
    moved |= {text.message_id for texts in unsent.values() for text in texts}
    messages = await _messages(session, changed, moved | added)
    unsent_ones = [one for one in messages.values() if one.status in UNDER_WAY]
    waiting = {one.conversation_id for one in unsent_ones if one.conversation_id} - moving
    if waiting:
        unsent |= await unsent_of(session, waiting)
    by_consumers = {one.id for one in messages.values() if one.author == Author.consumer}
    by_agents = any(one.author == Author.agent for one in messages.values())
    surveys = await changed_texts.survey_times(direct, changed) if by_consumers else {}
    told = TextEvents()
    if moved - added or by_agents or surveys:
        told = await changed_texts.text_events(direct, account_id, changed, moved | added)
    long = await changed_texts.long_texts(direct, by_consumers) if by_consumers else NO_LONG_TEXTS
    now = utc_now()
    read = _Read(
        messages=messages,
        told=told,
        waits={one: reasons(texts, now) for one, texts in unsent.items()},
        surveys=surveys,
        files=await media.by_id(session, file_ids(messages.values())),
        long=long,
    )
    return {one: _entries(one, events, read, moved - added) for one, events in changed.items()}


async def _messages(
    session: AsyncSession, conversation_ids: Collection[UUID], ids: Collection[UUID]
) -> Mapping[UUID, Message]:
    return await changed_texts.messages(session, conversation_ids, ids) if ids else {}


def _entries(
    conversation_id: UUID, events: Sequence[Event], read: _Read, moved: Collection[UUID]
) -> Entries:
    theirs = {
        one.id: one for one in read.messages.values() if one.conversation_id == conversation_id
    }
    added = [event for event in events if event.kind == EventKind.message_added]
    added += [event for event in read.told.added if message_id(event) in moved]
    return Entries(
        events=events,
        # A text that was no answer to the survey has moved to the next conversation.
        added=[event for event in added if message_id(event) in theirs],
        messages=theirs,
        planned=read.told.planned,
        survey_since=read.surveys.get(conversation_id),
        idle=read.told.idle,
        waits=read.waits.get(conversation_id, {}),
        files=read.files,
        long=read.long,
    )
