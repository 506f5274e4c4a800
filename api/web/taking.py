"""How agents and managers come by a conversation on the page, and what they promise there."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse

from api.parts import SessionDep
from api.schemas.conversations import DecisionOut, NewResponseTime
from api.schemas.shared import Cursor, Page, UuidPath
from api.v1 import conversations as conversation_routes
from api.v1 import taking
from api.v1.commands import DeskDep
from api.v1.conversations import View
from api.web import handing, workspace
from api.web.acting import ActingDep
from api.web.rendering import PagesDep
from api.web.route import HOME, PageRoute, go
from api.web.workspace import STATES, WorkerDep

DECISIONS = 100

router = APIRouter(prefix="/workspace/{conversation_id}", route_class=PageRoute)


@router.post("/accept")
async def accept(request: Request, desk: DeskDep) -> Response:
    """Take what rings, and go there."""
    await taking.accept(desk)
    return go(request, f"{HOME}/{desk.conversation_id}?view={View.mine}")


@router.post("/decline")
async def decline(desk: DeskDep, worker: WorkerDep, pages: PagesDep) -> HTMLResponse:
    """Pass what rings."""
    await taking.decline(desk)
    async with desk.parts.sessions.begin() as session:
        ringing = await workspace.ringing(session, worker)
        setting = await workspace.setting(session, worker.caller)
    return pages.answer("updates/ring.html", ringing=ringing, setting=setting)


@router.post("/pick")
async def pick(request: Request, desk: DeskDep) -> Response:
    """Take what waits, and go there."""
    await taking.pick(desk)
    return go(request, f"{HOME}/{desk.conversation_id}?view={View.mine}")


@router.post("/join")
async def join(acting: ActingDep) -> Response:
    """Write alongside the agent."""
    await taking.join(acting.desk)
    return await acting.changed()


@router.post("/leave")
async def leave(acting: ActingDep) -> Response:
    """Leave what one has joined."""
    await taking.leave(acting.desk)
    return await acting.changed()


@router.post("/take-over")
async def take_over(acting: ActingDep) -> Response:
    """Become the agent."""
    await taking.take_over(acting.desk)
    return await acting.changed()


@router.post("/response-time")
async def set_response_time(
    acting: ActingDep, seconds: Annotated[str, Form(max_length=10)] = ""
) -> Response:
    """Promise an answer by hand; nothing chosen: as the settings say."""
    promised = NewResponseTime.model_validate({"seconds": seconds or None})
    await taking.set_response_time(promised, acting.desk)
    return await acting.changed()


@router.get("/transfer")
async def show_targets(
    conversation_id: UuidPath, worker: WorkerDep, session: SessionDep, pages: PagesDep
) -> HTMLResponse:
    """Show to whom it may be transferred and who is free now."""
    targets = await handing.targets(session, worker, conversation_id)
    return pages.answer("parts/targets.html", targets=targets, states=STATES)


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
        "parts/decisions.html",
        decisions=decisions,
        conversation_id=conversation_id,
        setting=await workspace.setting(session, worker.caller),
    )
