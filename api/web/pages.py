"""The workspace as a page: the list, and one conversation."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from api.parts import SessionDep
from api.schemas.shared import UuidPath
from api.v1.conversations import View
from api.web import timeline, workspace
from api.web.rendering import Pages, PagesDep
from api.web.route import PageRoute
from api.web.workspace import STATES, Worker, WorkerDep
from database.queries import conversations

router = APIRouter(prefix="/workspace", route_class=PageRoute)

Place = Annotated[int, Query(ge=1, le=2**63 - 1)]


@router.get("")
async def show_workspace(
    worker: WorkerDep, session: SessionDep, pages: PagesDep, view: View = View.mine
) -> HTMLResponse:
    """Show a list, and no conversation yet."""
    return await _page(session, worker, pages, view)


@router.get("/{conversation_id}")
async def show_conversation(
    conversation_id: UuidPath,
    worker: WorkerDep,
    session: SessionDep,
    pages: PagesDep,
    view: View = View.mine,
) -> HTMLResponse:
    """Show a list and a conversation."""
    return await _page(session, worker, pages, view, conversation_id)


@router.get("/{conversation_id}/earlier")
async def show_earlier(
    conversation_id: UuidPath,
    before: Place,
    worker: WorkerDep,
    session: SessionDep,
    pages: PagesDep,
) -> HTMLResponse:
    """Show the part of a transcript before a place."""
    await conversations.find(session, worker.caller.viewer, conversation_id)
    setting = await workspace.setting(session, worker.caller)
    part = await timeline.latest(session, conversation_id, setting.names, before=before)
    return pages.answer(
        "parts/earlier.html", conversation_id=conversation_id, timeline=part, setting=setting
    )


async def _page(
    session: AsyncSession,
    worker: Worker,
    pages: Pages,
    view: View,
    conversation_id: UUID | None = None,
) -> HTMLResponse:
    account_id = worker.caller.account_id
    after = await workspace.position(session, account_id)
    setting = await workspace.setting(session, worker.caller)
    opened = None
    if conversation_id:
        opened = await workspace.opened(session, worker, conversation_id, setting.names)
    return pages.answer(
        "workspace.html",
        after=after,
        setting=setting,
        states=STATES,
        own=await workspace.own(session, worker),
        listing=await workspace.listing(session, worker, view),
        ringing=await workspace.ringing(session, worker),
        opened=opened,
        lines=await workspace.lines(session, account_id),
    )
