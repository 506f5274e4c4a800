"""The workspace: a list of conversations, and one of them."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from api.app_state import SessionDep
from api.schemas.conversations import DecisionOut
from api.schemas.shared import Cursor, UuidPath, after_number, page_of
from services.looking import transfer_targets
from services.looking import workspace as looking
from services.looking.conversations import View, explain_routing, find_conversation
from web.page_context import (
    STATES,
    PageUser,
    PageUserDep,
    latest_event,
    load_context,
    load_own_status,
)
from web.rendering import Pages, PagesDep
from web.route import PageRoute
from web.workspace import timeline
from web.workspace.conversation_view import load_conversation, load_earlier
from web.workspace.lists import load_list, load_offers

router = APIRouter(prefix="/workspace", route_class=PageRoute)

DECISIONS = 100
"""Decisions shown at once."""

EventId = Annotated[int, Query(ge=1, le=2**63 - 1)]


@dataclass(frozen=True)
class WorkspaceQuery:
    """What to show: a list, the part of it that begins at a cursor, and a conversation."""

    view: View
    part: str | None = None
    conversation_id: UUID | None = None


@router.get("")
async def show_workspace(
    user: PageUserDep,
    session: SessionDep,
    pages: PagesDep,
    view: View = View.mine,
    part: Cursor = None,
) -> HTMLResponse:
    """Show a list without a conversation."""
    return await _page(session, user, pages, WorkspaceQuery(view, part))


@router.get("/{conversation_id}")
async def show_conversation(
    conversation_id: UuidPath,
    user: PageUserDep,
    session: SessionDep,
    pages: PagesDep,
    view: View = View.mine,
    part: Cursor = None,
) -> HTMLResponse:
    """Show a list and a conversation."""
    return await _page(session, user, pages, WorkspaceQuery(view, part, conversation_id))


@router.get("/{conversation_id}/earlier")
async def show_earlier(
    conversation_id: UuidPath,
    before: EventId,
    user: PageUserDep,
    session: SessionDep,
    pages: PagesDep,
) -> HTMLResponse:
    """Show the part of a transcript before an event."""
    page = await load_context(session, user.caller)
    part = await timeline.latest(user.caller, session, conversation_id, page.names, before=before)
    return pages.answer(
        "workspace/parts/earlier.html",
        conversation_id=conversation_id,
        timeline=part,
        page=page,
    )


@router.get("/{conversation_id}/earlier-conversations")
async def show_earlier_conversations(
    conversation_id: UuidPath,
    user: PageUserDep,
    session: SessionDep,
    pages: PagesDep,
    before: Cursor = None,
) -> HTMLResponse:
    """Show more of the consumer's earlier conversations."""
    shown = await find_conversation(user.caller, session, conversation_id)
    return pages.answer(
        "workspace/parts/earlier_conversations.html",
        conversation_id=conversation_id,
        earlier=await load_earlier(session, user.caller, shown, before),
        page=await load_context(session, user.caller),
    )


@router.get("/{conversation_id}/transfer")
async def show_targets(
    conversation_id: UuidPath, user: PageUserDep, session: SessionDep, pages: PagesDep
) -> HTMLResponse:
    """Show the transfer targets, and who is free now."""
    targets = await transfer_targets.list_targets(user.caller, session, conversation_id)
    return pages.answer("workspace/parts/targets.html", targets=targets, states=STATES)


@router.get("/{conversation_id}/routing")
async def explain(
    conversation_id: UuidPath,
    user: PageUserDep,
    session: SessionDep,
    pages: PagesDep,
    cursor: Cursor = None,
) -> HTMLResponse:
    """Show the routing decisions."""
    rows = await explain_routing(
        user.caller,
        session,
        conversation_id,
        after=after_number(cursor) or 0,
        limit=DECISIONS + 1,
    )
    return pages.answer(
        "workspace/parts/decisions.html",
        decisions=page_of(rows, DECISIONS, DecisionOut.of, lambda row: [str(row.id)]),
        conversation_id=conversation_id,
        page=await load_context(session, user.caller),
    )


async def _page(
    session: AsyncSession,
    user: PageUser,
    pages: Pages,
    query: WorkspaceQuery,
) -> HTMLResponse:
    after = await latest_event(session, user.caller)
    page = await load_context(session, user.caller)
    opened = None
    if query.conversation_id:
        opened = await load_conversation(session, user, query.conversation_id, page.names)
    return pages.answer(
        "workspace/page.html",
        after=after,
        page=page,
        states=STATES,
        own=await load_own_status(session, user),
        listing=await load_list(session, user, query.view, query.part),
        offers=await load_offers(session, user),
        opened=opened,
        lines=await looking.list_lines(user.caller, session),
    )
