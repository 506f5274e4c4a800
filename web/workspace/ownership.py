"""How agents and managers come by a conversation on the page, and what they promise there."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import SessionDep
from api.schemas.conversations import DecisionOut, NewResponseTime
from api.schemas.shared import Cursor, Page, UuidPath
from api.v1 import conversations as conversation_routes
from api.v1 import ownership
from api.v1.commands import CommandContextDep
from api.v1.conversations import View
from web.rendering import PagesDep
from web.route import HOME, PageRoute, go
from web.workspace import transfer_targets, workspace
from web.workspace.command_form import CommandFormDep
from web.workspace.workspace import STATES, WorkerDep

DECISIONS = 100

router = APIRouter(prefix="/workspace/{conversation_id}", route_class=PageRoute)


@router.post("/accept")
async def accept(request: Request, desk: CommandContextDep) -> Response:
    """Take what rings, and go there."""
    await ownership.accept(desk)
    return go(request, f"{HOME}/{desk.conversation_id}?view={View.mine}")


@router.post("/decline")
async def decline(desk: CommandContextDep, worker: WorkerDep, pages: PagesDep) -> HTMLResponse:
    """Pass what rings."""
    await ownership.decline(desk)
    async with desk.parts.sessions.begin() as session:
        ringing = await workspace.ringing(session, worker)
        setting = await workspace.setting(session, worker.caller)
    return pages.answer("workspace/updates/ring.html", ringing=ringing, setting=setting)


@router.post("/pick")
async def pick(request: Request, desk: CommandContextDep) -> Response:
    """Take what waits, and go there."""
    await ownership.pick(desk)
    return go(request, f"{HOME}/{desk.conversation_id}?view={View.mine}")


@router.post("/join")
async def join(acting: CommandFormDep) -> Response:
    """Write alongside the agent."""
    await ownership.join(acting.desk)
    return await acting.changed()


@router.post("/leave")
async def leave(acting: CommandFormDep) -> Response:
    """Leave what one has joined."""
    await ownership.leave(acting.desk)
    return await acting.changed()


@router.post("/take-over")
async def take_over(acting: CommandFormDep) -> Response:
    """Become the agent."""
    await ownership.take_over(acting.desk)
    return await acting.changed()


@router.post("/response-time")
async def set_response_time(
    acting: CommandFormDep, seconds: Annotated[str, Form(max_length=10)] = ""
) -> Response:
    """Promise an answer by hand; nothing chosen: as the settings say."""
    promised = NewResponseTime.model_validate({"seconds": seconds or None})
    await ownership.set_response_time(promised, acting.desk)
    return await acting.changed()


@router.get("/transfer")
async def show_targets(
    conversation_id: UuidPath, worker: WorkerDep, session: SessionDep, pages: PagesDep
) -> HTMLResponse:
    """Show to whom it may be transferred and who is free now."""
    targets = await transfer_targets.targets(session, worker, conversation_id)
    return pages.answer("workspace/parts/targets.html", targets=targets, states=STATES)


@router.get("/routing")
async def explain(
    conversation_id: UuidPath,
    worker: WorkerDep,
    session: SessionDep,
    pages: PagesDep,
    cursor: Cursor = None,
) -> HTMLResponse:
    """Show why it went where it went."""
    decisions: Page[DecisionOut] = await conversation_routes.explain_routing(
        conversation_id, worker.caller, session, cursor, DECISIONS
    )
    return pages.answer(
        "workspace/parts/decisions.html",
        decisions=decisions,
        conversation_id=conversation_id,
        setting=await workspace.setting(session, worker.caller),
    )
