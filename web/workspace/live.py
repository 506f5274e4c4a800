"""The page's live stream: its list, conversation and head as HTML, whenever they change."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy.ext.asyncio import AsyncSession

from api.app_state import AppState, AppStateDep, SessionDep
from api.event_streams import Counted, Followed, LastEventId, Position, followed_by, reload
from api.schemas.conversations import ConversationOut
from api.schemas.shared import Cursor
from database.away import NOT_DONE
from database.tables import Event
from domain.conversation.kinds import EventKind
from domain.errors import NotFound
from services.following.followers import PartKind
from services.looking.conversations import View, find_conversation
from web.page_context import (
    STATES,
    PageContext,
    PageUser,
    PageUserDep,
    get_page_user,
    load_context,
    load_own_status,
)
from web.rendering import Pages, PagesDep
from web.route import PageRoute
from web.workspace import timeline
from web.workspace.conversation_view import load_conversation
from web.workspace.lists import Listing, load_list, load_offers

TRANSCRIPT_ONLY = frozenset({EventKind.message_status, EventKind.file_changed})
"""Events that change the transcript and nothing else. A new text does more: it moves deadlines."""
OFFER_EVENTS = frozenset(
    {
        EventKind.conversation_offered,
        EventKind.offer_ended,
        EventKind.conversation_assigned,
        EventKind.conversation_transferred,
        EventKind.conversation_closed,
    }
)
"""Events after which an offer may have begun or ended."""

router = APIRouter(prefix="/workspace", route_class=PageRoute)


@dataclass(frozen=True)
class Watched:
    """What one open page shows, and who looks at it."""

    user: PageUser
    view: View
    conversation_id: UUID | None
    page: PageContext
    part: str | None
    """The cursor its part of the list begins at, None for the first."""


@router.get("/live", response_class=EventSourceResponse, dependencies=[Counted])
async def follow(
    user: PageUserDep,
    app: AppStateDep,
    pages: PagesDep,
    view: View = View.mine,
    conversation: Annotated[UUID | None, Query()] = None,
    part: Cursor = None,
    after: Position = None,
    last_event_id: LastEventId = None,
) -> AsyncIterator[ServerSentEvent]:
    """Follow what a page shows. Parts come whole or with ids, so that nothing is shown twice."""
    start = last_event_id if last_event_id is not None else after
    yield ServerSentEvent(comment="following")
    async with app.sessions.begin() as session:
        page = await load_context(session, user.caller)
    watched = Watched(user, view, conversation, page, part)
    async with aclosing(followed_by(app, user.caller, start)) as followed:
        async for news in followed:
            if news.kind is PartKind.reload:
                yield reload(news)
                continue
            changed = ""
            for one in news.items:
                watched = replace(watched, user=get_page_user(one.caller))
                try:
                    changed = await _changed(app, pages, watched, one)
                except NOT_DONE:
                    return
            # An event without content still moves the reader past what did not concern them.
            yield ServerSentEvent(raw_data=changed or None, id=str(news.position))


@router.get("/queue")
async def show_queue(
    user: PageUserDep,
    session: SessionDep,
    pages: PagesDep,
    conversation: Annotated[UUID | None, Query()] = None,
    part: Cursor = None,
) -> HTMLResponse:
    """Show the queue as it is now: the reason for a wait changes without an event."""
    return pages.answer(
        "workspace/updates/list.html",
        listing=await load_list(session, user, View.waiting, part),
        page=await load_context(session, user.caller),
        selected=conversation,
        own=await load_own_status(session, user),
    )


@router.get("/ratings")
async def show_ratings(user: PageUserDep, session: SessionDep, pages: PagesDep) -> HTMLResponse:
    """Show the agent's CSAT for the last 12 hours, which changes as time passes."""
    return pages.answer("ratings.html", own=await load_own_status(session, user))


async def _changed(app: AppState, pages: Pages, watched: Watched, batch: Followed) -> str:
    """Return the parts of the page that changed, empty for none."""
    if not batch.events:
        return ""
    async with app.sessions.begin() as session:
        listing = await load_list(session, watched.user, watched.view, watched.part)
        if not _knows_names(listing, watched.page):
            page = await load_context(session, watched.user.caller)
            watched = replace(watched, page=page)
        selected = watched.conversation_id
        html = pages.render(
            "workspace/updates/list.html",
            listing=listing,
            page=watched.page,
            selected=selected,
            own=await load_own_status(session, watched.user),
        )
        html += await _offers(session, pages, watched, batch)
        html += await _own(session, pages, watched, batch)
        return html + await _conversation(session, pages, watched, batch)


def _knows_names(listing: Listing, page: PageContext) -> bool:
    """Say whether the page knows the names of all agents and skills in a list."""
    names, shown = page.names, listing.conversations
    agents = {one.agent_id for one in shown if one.agent_id}
    skills = {one.skill_id for one in shown if one.skill_id}
    return agents <= names.agents.keys() and skills <= names.skills.keys()


async def _offers(session: AsyncSession, pages: Pages, watched: Watched, batch: Followed) -> str:
    if not OFFER_EVENTS & {event.kind for event in batch.events}:
        return ""
    offers = await load_offers(session, watched.user)
    return pages.render("workspace/updates/ring.html", offers=offers, page=watched.page)


async def _own(session: AsyncSession, pages: Pages, watched: Watched, batch: Followed) -> str:
    agent_id = watched.user.person.agent_id
    mine = [event for event in batch.events if event.agent_id == agent_id]
    about = {event.kind for event in mine}
    wanted = {EventKind.agent_state, EventKind.survey_answered}
    if not about & wanted:
        return ""
    own = await load_own_status(session, watched.user)
    html = pages.render(
        "workspace/updates/own.html",
        own=own,
        states=STATES,
        has_state=EventKind.agent_state in about,
    )
    return html + await _ratings(session, pages, watched, mine)


async def _ratings(
    session: AsyncSession, pages: Pages, watched: Watched, mine: Sequence[Event]
) -> str:
    """Return a notice for each rating the user got."""
    rated = {
        event.conversation_id: None
        for event in mine
        if event.kind == EventKind.survey_answered and event.conversation_id
    }
    html = ""
    for conversation_id in rated:
        shown = await find_conversation(watched.user.caller, session, conversation_id)
        conversation = ConversationOut.of(shown)
        html += pages.render(
            "workspace/updates/notice.html", conversation=conversation, page=watched.page
        )
    return html


async def _conversation(
    session: AsyncSession, pages: Pages, watched: Watched, batch: Followed
) -> str:
    selected = watched.conversation_id
    about = [event for event in batch.events if event.conversation_id == selected]
    if selected is None or not about:
        return ""
    names = watched.page.names
    try:
        if all(event.kind in TRANSCRIPT_ONLY for event in about):
            return await _entries(session, pages, watched, selected, about)
        opened = await load_conversation(session, watched.user, selected, names, entries=1)
    except NotFound:
        return pages.render("workspace/updates/gone.html", conversation_id=selected)
    around = pages.render("workspace/updates/conversation.html", opened=opened, page=watched.page)
    return around + await _entries(session, pages, watched, selected, about)


async def _entries(
    session: AsyncSession,
    pages: Pages,
    watched: Watched,
    conversation_id: UUID,
    about: list[Event],
) -> str:
    entries = await timeline.entries(
        watched.user.caller, session, conversation_id, about, watched.page.names
    )
    return pages.render(
        "workspace/updates/entries.html",
        entries=entries,
        conversation_id=conversation_id,
        page=watched.page,
    )
