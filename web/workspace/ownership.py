"""How agents and managers come by a conversation on the page, and what they promise there."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import SessionDep
from api.command_context import ContextDep
from api.schemas.conversations import DecisionOut, NewResponseTime
from api.schemas.shared import Cursor, UuidPath, after_number, page_of
from services.commanding import conversation_settings, ownership
from services.looking import conversations as looking
from services.looking import transfer_targets
from services.looking.conversations import View
from web.page_context import STATES, PageUserDep, load_context
from web.rendering import PagesDep
from web.route import HOME, PageRoute, go
from web.workspace.command_form import CommandFormDep
from web.workspace.lists import load_offers

DECISIONS = 100

router = APIRouter(prefix="/workspace/{conversation_id}", route_class=PageRoute)


@router.post("/accept")
async def accept(request: Request, context: ContextDep) -> Response:
    """Take what rings, and go there."""
    await ownership.accept(context)
    return go(request, f"{HOME}/{context.conversation_id}?view={View.mine}")


@router.post("/decline")
async def decline(context: ContextDep, user: PageUserDep, pages: PagesDep) -> HTMLResponse:
    """Pass what rings."""
    await ownership.decline(context)
    async with context.backends.sessions.begin() as session:
        offers = await load_offers(session, user)
        page = await load_context(session, user.caller)
    return pages.answer("workspace/updates/ring.html", offers=offers, page=page)


@router.post("/pick")
async def pick(request: Request, context: ContextDep) -> Response:
    """Take what waits, and go there."""
    await ownership.pick(context)
    return go(request, f"{HOME}/{context.conversation_id}?view={View.mine}")


@router.post("/join")
async def join(acting: CommandFormDep) -> Response:
    """Write alongside the agent."""
    await ownership.join(acting.context)
    return await acting.changed()


@router.post("/leave")
async def leave(acting: CommandFormDep) -> Response:
    """Leave what one has joined."""
    await ownership.leave(acting.context)
    return await acting.changed()


@router.post("/take-over")
async def take_over(acting: CommandFormDep) -> Response:
    """Become the agent."""
    await ownership.take_over(acting.context)
    return await acting.changed()


@router.post("/response-time")
async def set_response_time(
    acting: CommandFormDep, seconds: Annotated[str, Form(max_length=10)] = ""
) -> Response:
    """Promise an answer by hand; nothing chosen: as the settings say."""
    promised = NewResponseTime.model_validate({"seconds": seconds or None})
    await conversation_settings.set_response_time(acting.context, promised.seconds)
    return await acting.changed()


@router.get("/transfer")
async def show_targets(
    conversation_id: UuidPath, user: PageUserDep, session: SessionDep, pages: PagesDep
) -> HTMLResponse:
    """Show to whom it may be transferred and who is free now."""
    targets = await transfer_targets.list_targets(user.caller, session, conversation_id)
    return pages.answer("workspace/parts/targets.html", targets=targets, states=STATES)


@router.get("/routing")
async def explain(
    conversation_id: UuidPath,
    user: PageUserDep,
    session: SessionDep,
    pages: PagesDep,
    cursor: Cursor = None,
) -> HTMLResponse:
    """Show why it went where it went."""
    rows = await looking.explain_routing(
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
