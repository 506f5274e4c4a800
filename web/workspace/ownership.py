"""How agents and managers get a conversation in the workspace, and its response time."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import SessionDep
from api.command_context import ContextDep
from api.schemas.conversation_settings import NewResponseTime
from api.schemas.conversations import DecisionOut
from api.schemas.shared import Cursor, UuidPath, after_number, page_of
from services.commanding import conversation_settings, ownership
from services.looking import conversations as looking
from services.looking import transfer_targets
from services.looking.conversations import View
from web.page_context import STATES, PageUserDep, load_context
from web.rendering import PagesDep
from web.route import HOME, PageRoute, redirect
from web.workspace.command_form import CommandFormDep
from web.workspace.lists import load_offers

DECISIONS = 100

router = APIRouter(prefix="/workspace/{conversation_id}", route_class=PageRoute)


@router.post("/accept")
async def accept(request: Request, context: ContextDep) -> Response:
    """Accept the offered conversation, and go to it."""
    await ownership.accept(context)
    return redirect(request, f"{HOME}/{context.conversation_id}?view={View.mine}")


@router.post("/decline")
async def decline(context: ContextDep, user: PageUserDep, pages: PagesDep) -> HTMLResponse:
    """Decline the offered conversation."""
    await ownership.decline(context)
    async with context.backends.sessions.begin() as session:
        offers = await load_offers(session, user)
        page = await load_context(session, user.caller)
    return pages.answer("workspace/updates/ring.html", offers=offers, page=page)


@router.post("/pick")
async def pick(request: Request, context: ContextDep) -> Response:
    """Take a waiting conversation, and go to it."""
    await ownership.pick(context)
    return redirect(request, f"{HOME}/{context.conversation_id}?view={View.mine}")


@router.post("/join")
async def join(form: CommandFormDep) -> Response:
    """Join as a manager, alongside the agent."""
    await ownership.join(form.context)
    return await form.changed()


@router.post("/leave")
async def leave(form: CommandFormDep) -> Response:
    """Leave a joined conversation."""
    await ownership.leave(form.context)
    return await form.changed()


@router.post("/take-over")
async def take_over(form: CommandFormDep) -> Response:
    """Take over from the agent."""
    await ownership.take_over(form.context)
    return await form.changed()


@router.post("/response-time")
async def set_response_time(
    form: CommandFormDep, seconds: Annotated[str, Form(max_length=10)] = ""
) -> Response:
    """Set the response time by hand, or reset it to the settings."""
    promised = NewResponseTime.model_validate({"seconds": seconds or None})
    await conversation_settings.set_response_time(form.context, promised.seconds)
    return await form.changed()


@router.get("/transfer")
async def show_targets(
    conversation_id: UuidPath, user: PageUserDep, session: SessionDep, pages: PagesDep
) -> HTMLResponse:
    """Show the transfer targets, and who is free now."""
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
    """Show the routing decisions."""
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
