"""The workspace as a page: the list, and one conversation."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from api.app_state import SessionDep
from api.schemas.shared import Cursor, UuidPath
from services.looking.conversations import View, find_conversation
from web.rendering import Pages, PagesDep
from web.route import PageRoute
from web.workspace import timeline, workspace
from web.workspace.workspace import STATES, Worker, WorkerDep

router = APIRouter(prefix="/workspace", route_class=PageRoute)

Place = Annotated[int, Query(ge=1, le=2**63 - 1)]


@dataclass(frozen=True)
class Asked:
    """What a page is to show: a list, from where on, and a conversation."""

    view: View
    part: str | None = None
    conversation_id: UUID | None = None


@router.get("")
async def show_workspace(
    worker: WorkerDep,
    session: SessionDep,
    pages: PagesDep,
    view: View = View.mine,
    part: Cursor = None,
) -> HTMLResponse:
    """Show a list, and no conversation yet."""
    return await _page(session, worker, pages, Asked(view, part))


@router.get("/{conversation_id}")
async def show_conversation(
    conversation_id: UuidPath,
    worker: WorkerDep,
    session: SessionDep,
    pages: PagesDep,
    view: View = View.mine,
    part: Cursor = None,
) -> HTMLResponse:
    """Show a list and a conversation."""
    return await _page(session, worker, pages, Asked(view, part, conversation_id))


@router.get("/{conversation_id}/earlier")
async def show_earlier(
    conversation_id: UuidPath,
    before: Place,
    worker: WorkerDep,
    session: SessionDep,
    pages: PagesDep,
) -> HTMLResponse:
    """Show the part of a transcript before a place."""
    setting = await workspace.setting(session, worker.caller)
    part = await timeline.latest(
        worker.caller, session, conversation_id, setting.names, before=before
    )
    return pages.answer(
        "workspace/parts/earlier.html",
        conversation_id=conversation_id,
        timeline=part,
        setting=setting,
    )


@router.get("/{conversation_id}/earlier-conversations")
async def show_earlier_conversations(
    conversation_id: UuidPath,
    worker: WorkerDep,
    session: SessionDep,
    pages: PagesDep,
    before: Cursor = None,
) -> HTMLResponse:
    """Show more of what the consumer wrote about before."""
    shown = await find_conversation(worker.caller, session, conversation_id)
    return pages.answer(
        "workspace/parts/earlier_conversations.html",
        conversation_id=conversation_id,
        earlier=await workspace.earlier(session, worker.caller, shown, before),
        setting=await workspace.setting(session, worker.caller),
    )


async def _page(
    session: AsyncSession,
    worker: Worker,
    pages: Pages,
    asked: Asked,
) -> HTMLResponse:
    after = await workspace.position(session, worker.caller)
    setting = await workspace.setting(session, worker.caller)
    opened = None
    if asked.conversation_id:
        opened = await workspace.opened(session, worker, asked.conversation_id, setting.names)
    return pages.answer(
        "workspace/page.html",
        after=after,
        setting=setting,
        states=STATES,
        own=await workspace.own(session, worker),
        listing=await workspace.listing(session, worker, asked.view, asked.part),
        ringing=await workspace.ringing(session, worker),
        opened=opened,
        lines=await workspace.lines(session, worker.caller),
    )
