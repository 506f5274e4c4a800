"""The reader's own state and ratings in the head of server-rendered pages."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse

from api.app_state import SessionDep
from api.schemas.people import StateChange
from services import agent_states
from web.page_context import STATES, PageUserDep, load_own_status
from web.rendering import PagesDep
from web.route import PageRoute

router = APIRouter(prefix="/workspace", route_class=PageRoute)


@router.post("/state")
async def set_state(
    state: Annotated[str, Form()], user: PageUserDep, session: SessionDep, pages: PagesDep
) -> HTMLResponse:
    """Set the agent's own state, with a reason when away (`away:Lunch`)."""
    name, _, reason = state.partition(":")
    change = StateChange.model_validate({"state": name, "reason": reason or None})
    own_id = user.person.agent_id
    await agent_states.set_state(user.caller, session, own_id, change.state, change.reason)
    own = await load_own_status(session, user)
    return pages.answer("own_status.html", own=own, states=STATES)


@router.get("/ratings")
async def show_ratings(user: PageUserDep, session: SessionDep, pages: PagesDep) -> HTMLResponse:
    """Show the agent's CSAT for the last 12 hours, which changes as time passes."""
    return pages.answer("ratings.html", own=await load_own_status(session, user))
