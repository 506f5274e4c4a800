"""The page's live stream: what changed, as `web.workspace.wire` describes it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy.ext.asyncio import AsyncSession

from api.app_state import AppState, AppStateDep
from api.clock import utc_now
from api.event_streams import Counted, LastEventId, Position, followed_by
from api.schemas.shared import Answer
from database.away import NOT_DONE
from database.queries.stream import Batch
from database.tables import Event
from domain.conversation.kinds import EventKind
from domain.errors import NotFound
from services.looking import workspace as looking
from services.looking.conversations import View, find_conversation
from services.looking.events import Followed
from web.page_context import PageUser, PageUserDep, get_page_user
from web.workspace import wire
from web.workspace.data import load_own
from web.workspace.listing import load_counts
from web.workspace.opened import load_opened
from web.workspace.rows import rows
from web.workspace.transcript import Reader, read_changes

BEAT_SECONDS = 5.0
TRANSCRIPT_ONLY = frozenset({EventKind.message_status, EventKind.file_changed})
"""Events that change the transcript and nothing else. A new text does more: it moves deadlines."""

router = APIRouter(prefix="/workspace")

Messages = list[Answer]
NAMES = {kind: name for name, kind in wire.MESSAGES.items()}


@dataclass(frozen=True)
class Watched:
    """What one open page shows, and who looks at it."""

    user: PageUser
    view: View
    conversation_id: UUID | None


@router.get("/stream", response_class=EventSourceResponse, dependencies=[Counted])
async def follow(
    user: PageUserDep,
    app: AppStateDep,
    view: View = View.mine,
    conversation: Annotated[UUID | None, Query()] = None,
    after: Position = None,
    last_event_id: LastEventId = None,
) -> AsyncIterator[ServerSentEvent]:
    """Follow what a page shows."""
    start = last_event_id if last_event_id is not None else after
    watched = Watched(user, view, conversation)
    yield _sent(wire.BeatMessage(now=utc_now()))
    async for followed in _with_beats(followed_by(app, user.caller, start)):
        if followed is None:
            yield _sent(wire.BeatMessage(now=utc_now()))
            continue
        try:
            messages = await _changed(app, watched, followed)
        except NOT_DONE:
            return
        last_id = str(followed.batch.last_id)
        for message in messages:
            yield _sent(message)
        # Also moves the reader past what did not concern them.
        yield _sent(wire.BeatMessage(now=utc_now()), last_id)


def _sent(message: Answer, last_id: str | None = None) -> ServerSentEvent:
    return ServerSentEvent(event=NAMES[type(message)], data=message, id=last_id)


async def _with_beats(source: AsyncIterator[Followed]) -> AsyncIterator[Followed | None]:
    """Yield what comes, and None whenever nothing came for as long as a beat."""
    coming: asyncio.Task[Followed] | None = None
    try:
        while True:
            coming = coming or asyncio.ensure_future(anext(source))
            done, _ = await asyncio.wait({coming}, timeout=BEAT_SECONDS)
            if not done:
                yield None
                continue
            try:
                followed = coming.result()
            except StopAsyncIteration:
                return
            coming = None
            yield followed
    finally:
        if coming:
            coming.cancel()
            with suppress(asyncio.CancelledError, StopAsyncIteration):
                await coming


async def _changed(app: AppState, watched: Watched, followed: Followed) -> Messages:
    batch, user = followed.batch, get_page_user(followed.caller)
    if batch.is_rewound:
        return [wire.ReloadMessage(as_of=batch.last_id)]
    if not batch.events:
        return []
    async with app.sessions.begin() as session:
        names = (await looking.load_names(user.caller, session)).names
        reader = Reader(user.caller, session, names, batch.last_id)
        messages: Messages = []
        for conversation_id, events in _by_conversation(batch).items():
            is_open = conversation_id == watched.conversation_id
            messages += await _conversation(reader, user, conversation_id, events, is_open=is_open)
        messages += await _own(session, user, batch)
        messages += await _ratings(reader, user, batch)
        return [*messages, await load_counts(reader)]


def _by_conversation(batch: Batch) -> dict[UUID, list[Event]]:
    found: dict[UUID, list[Event]] = {}
    for event in batch.events:
        if event.conversation_id:
            found.setdefault(event.conversation_id, []).append(event)
    return found


async def _conversation(
    reader: Reader, user: PageUser, conversation_id: UUID, events: Sequence[Event], *, is_open: bool
) -> Messages:
    messages: Messages = []
    try:
        if is_open:
            messages.append(await read_changes(reader, conversation_id, events))
        if all(event.kind in TRANSCRIPT_ONLY for event in events):
            return messages
        opened = await load_opened(reader, user, conversation_id) if is_open else None
        row = opened.row if opened else await _row(reader, conversation_id)
    except NotFound:
        return [wire.GoneMessage(conversation_id=conversation_id)]
    return [wire.ConversationMessage(conversation=row, opened=opened), *messages]


async def _row(reader: Reader, conversation_id: UUID) -> wire.Row:
    shown = await find_conversation(reader.caller, reader.session, conversation_id)
    return (await rows(reader.session, reader.caller, [shown], reader.names, reader.as_of))[0]


async def _own(session: AsyncSession, user: PageUser, batch: Batch) -> Messages:
    wanted = {EventKind.agent_state, EventKind.survey_answered}
    about = {event.kind for event in batch.events if event.agent_id == user.person.agent_id}
    return [await load_own(session, user)] if about & wanted else []


async def _ratings(reader: Reader, user: PageUser, batch: Batch) -> Messages:
    """Return a notice for each rating the user got."""
    rated = {
        event.conversation_id: None
        for event in batch.events
        if event.kind == EventKind.survey_answered
        and event.conversation_id
        and event.agent_id == user.person.agent_id
    }
    messages: Messages = []
    for conversation_id in rated:
        row = await _row(reader, conversation_id)
        if row.rating:
            messages.append(
                wire.NoticeMessage(
                    kind="rated",
                    conversation_id=row.id,
                    consumer=row.consumer.name or row.consumer.number,
                    rating=row.rating,
                    comment=row.survey.comment if row.survey else None,
                )
            )
    return messages
