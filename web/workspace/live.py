"""The one stream of a page: what changed in its list, its conversation and its head, as HTML."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy.ext.asyncio import AsyncSession

from api.app_state import AppState, AppStateDep, SessionDep
from api.event_streams import Counted, LastEventId, Position, followed_by, reload
from api.schemas.conversations import ConversationOut
from api.schemas.shared import Cursor
from database.away import NOT_DONE
from database.queries.stream import Batch
from database.tables import Event
from domain.conversation.kinds import EventKind
from domain.errors import NotFound
from services.looking.conversations import View, find_conversation
from web.rendering import Pages, PagesDep
from web.route import PageRoute
from web.workspace import timeline, workspace
from web.workspace.workspace import STATES, Listing, Setting, Worker, WorkerDep, get_worker

IN_TEXT = frozenset({EventKind.message_status})
"""Kinds that change a transcript and nothing around it: any text moves deadlines."""
RINGING = frozenset(
    {
        EventKind.conversation_offered,
        EventKind.offer_ended,
        EventKind.conversation_assigned,
        EventKind.conversation_transferred,
        EventKind.conversation_closed,
    }
)
"""Kinds after which something rings, or rings no longer."""

router = APIRouter(prefix="/workspace", route_class=PageRoute)


@dataclass(frozen=True)
class Looked:
    """What a page looks at."""

    worker: Worker
    view: View
    conversation_id: UUID | None
    setting: Setting
    part: str | None
    """From where its list is shown."""


@router.get("/live", response_class=EventSourceResponse, dependencies=[Counted])
async def follow(
    worker: WorkerDep,
    app: AppStateDep,
    pages: PagesDep,
    view: View = View.mine,
    conversation: Annotated[UUID | None, Query()] = None,
    part: Cursor = None,
    after: Position = None,
    last_event_id: LastEventId = None,
) -> AsyncIterator[ServerSentEvent]:
    """Follow what a page shows. Parts come whole or by their ids, so that none is shown twice."""
    start = last_event_id if last_event_id is not None else after
    yield ServerSentEvent(comment="following")
    async with app.sessions.begin() as session:
        setting = await workspace.setting(session, worker.caller)
    looked = Looked(worker, view, conversation, setting, part)
    async for followed in followed_by(app, worker.caller, start):
        batch = followed.batch
        looked = replace(looked, worker=get_worker(followed.caller))
        if batch.is_rewound:
            yield reload(batch)
        try:
            changed = await _changed(app, pages, looked, batch)
        except NOT_DONE:
            return
        # Without content it moves the reader on past what was not for them.
        yield ServerSentEvent(raw_data=changed or None, id=str(batch.last_id))


@router.get("/queue")
async def show_queue(
    worker: WorkerDep,
    session: SessionDep,
    pages: PagesDep,
    conversation: Annotated[UUID | None, Query()] = None,
    part: Cursor = None,
) -> HTMLResponse:
    """Show what waits as it is now: why something waits changes without an event."""
    return pages.answer(
        "workspace/updates/list.html",
        listing=await workspace.listing(session, worker, View.waiting, part),
        setting=await workspace.setting(session, worker.caller),
        selected=conversation,
        own=await workspace.own(session, worker),
    )


@router.get("/ratings")
async def show_ratings(worker: WorkerDep, session: SessionDep, pages: PagesDep) -> HTMLResponse:
    """Show how one was rated of late, as it is now: hours pass without an event."""
    return pages.answer("workspace/parts/ratings.html", own=await workspace.own(session, worker))


async def _changed(app: AppState, pages: Pages, looked: Looked, batch: Batch) -> str:
    """Return the parts of the page that changed, empty for none."""
    if not batch.events:
        return ""
    async with app.sessions.begin() as session:
        listing = await workspace.listing(session, looked.worker, looked.view, looked.part)
        if not _are_known(listing, looked.setting):
            setting = await workspace.setting(session, looked.worker.caller)
            looked = replace(looked, setting=setting)
        selected = looked.conversation_id
        html = pages.render(
            "workspace/updates/list.html",
            listing=listing,
            setting=looked.setting,
            selected=selected,
            own=await workspace.own(session, looked.worker),
        )
        html += await _ring(session, pages, looked, batch)
        html += await _own(session, pages, looked, batch)
        return html + await _conversation(session, pages, looked, batch)


def _are_known(listing: Listing, setting: Setting) -> bool:
    """Say whether whoever a list speaks of was there when the names of its page were read."""
    names, shown = setting.names, listing.conversations
    agents = {one.agent_id for one in shown if one.agent_id}
    skills = {one.skill_id for one in shown if one.skill_id}
    return agents <= names.agents.keys() and skills <= names.skills.keys()


async def _ring(session: AsyncSession, pages: Pages, looked: Looked, batch: Batch) -> str:
    if not RINGING & {event.kind for event in batch.events}:
        return ""
    ringing = await workspace.ringing(session, looked.worker)
    return pages.render("workspace/updates/ring.html", ringing=ringing, setting=looked.setting)


async def _own(session: AsyncSession, pages: Pages, looked: Looked, batch: Batch) -> str:
    agent_id = looked.worker.person.agent_id
    mine = [event for event in batch.events if event.agent_id == agent_id]
    about = {event.kind for event in mine}
    wanted = {EventKind.agent_state, EventKind.survey_answered}
    if not about & wanted:
        return ""
    own = await workspace.own(session, looked.worker)
    html = pages.render(
        "workspace/updates/own.html",
        own=own,
        states=STATES,
        has_state=EventKind.agent_state in about,
    )
    return html + await _ratings(session, pages, looked, mine)


async def _ratings(
    session: AsyncSession, pages: Pages, looked: Looked, mine: Sequence[Event]
) -> str:
    """Return a notice for each rating that somebody got."""
    rated = {
        event.conversation_id: None
        for event in mine
        if event.kind == EventKind.survey_answered and event.conversation_id
    }
    html = ""
    for conversation_id in rated:
        shown = await find_conversation(looked.worker.caller, session, conversation_id)
        conversation = ConversationOut.of(shown)
        html += pages.render(
            "workspace/updates/notice.html", conversation=conversation, setting=looked.setting
        )
    return html


async def _conversation(session: AsyncSession, pages: Pages, looked: Looked, batch: Batch) -> str:
    selected = looked.conversation_id
    about = [event for event in batch.events if event.conversation_id == selected]
    if selected is None or not about:
        return ""
    names = looked.setting.names
    try:
        if all(event.kind in IN_TEXT for event in about):
            return await _entries(session, pages, looked, selected, about)
        opened = await workspace.opened(session, looked.worker, selected, names, entries=1)
    except NotFound:
        return pages.render("workspace/updates/gone.html", conversation_id=selected)
    around = pages.render(
        "workspace/updates/conversation.html", opened=opened, setting=looked.setting
    )
    return around + await _entries(session, pages, looked, selected, about)


async def _entries(
    session: AsyncSession,
    pages: Pages,
    looked: Looked,
    conversation_id: UUID,
    about: list[Event],
) -> str:
    entries = await timeline.entries(
        looked.worker.caller, session, conversation_id, about, looked.setting.names
    )
    return pages.render(
        "workspace/updates/entries.html",
        entries=entries,
        conversation_id=conversation_id,
        setting=looked.setting,
    )
