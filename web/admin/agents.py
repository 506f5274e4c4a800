"""People: their list, and one of them with role, skills and capacity."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import AppStateDep
from api.idempotent import OnceDep
from api.schemas.people import AgentChange, AgentOut, NewAgent
from api.schemas.shared import SlugPath
from api.v1 import agents
from database.queries import account_rows, accounts
from database.queries.agents import working
from database.tables import Agent
from web.admin import skills
from web.forms import Filled, FilledDep, Value, model
from web.frame import AdminsFrame
from web.route import PageRoute, go

PATH = "/admin/agents"
LABELS = {
    "name": "Name",
    "email": "E-mail address",
    "password": "Password",
    "role": "Role",
    "capacity": "Conversations at once",
}

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_agents(frame: AdminsFrame) -> HTMLResponse:
    """List the account's people."""
    rows = await account_rows.listed(frame.session, Agent, frame.account_id)
    people = [AgentOut.of(one) for one in await working(frame.session, rows)]
    account = await accounts.find(frame.session, frame.account_id)
    return frame.answer(
        "admin/agents.html", agents=people, default_capacity=account.default_capacity
    )


@router.post("")
async def create(
    request: Request, filled: FilledDep, frame: AdminsFrame, parts: AppStateDep, once: OnceDep
) -> Response:
    """Add a person and go to them."""
    values: dict[str, Value] = {name: filled.text(name) for name in ("name", "email", "role")}
    new = model(NewAgent, values | {"password": _password(filled)}, LABELS)
    made = await agents.create_agent(new, frame.caller, parts, frame.session, once)
    return go(request, f"{PATH}/{made.id}")


@router.get("/{agent_id}")
async def show_agent(agent_id: SlugPath, frame: AdminsFrame, saved: bool = False) -> HTMLResponse:
    """Show a person to be changed, with the states they were in of late."""
    agent = await agents.show_agent(agent_id, frame.caller, frame.session)
    states = await agents.list_states(agent_id, frame.caller, frame.session, limit=12)
    account = await accounts.find(frame.session, frame.account_id)
    return frame.answer(
        "admin/agent.html",
        agent=agent,
        skills=await skills.every(frame),
        periods=states.items,
        has_more=states.next is not None,
        default_capacity=account.default_capacity,
        saved=saved,
    )


@router.post("/{agent_id}")
async def change(
    request: Request, agent_id: SlugPath, filled: FilledDep, frame: AdminsFrame, parts: AppStateDep
) -> Response:
    """Change a person."""
    await agents.change_agent(agent_id, _change(filled), frame.caller, parts, frame.session)
    return go(request, f"{PATH}/{agent_id}?saved=true")


@router.post("/{agent_id}/retire")
async def retire(request: Request, agent_id: SlugPath, frame: AdminsFrame) -> Response:
    """Retire a person."""
    await agents.retire_agent(agent_id, frame.caller, frame.session)
    return go(request, PATH)


def _change(filled: Filled) -> AgentChange:
    values: dict[str, Value] = {
        "name": filled.text("name"),
        "email": filled.text("email"),
        "role": filled.text("role"),
        "skills": filled.every("skills"),
        "capacity": filled.maybe("capacity"),
        "may_pick": filled.is_checked("may_pick"),
    }
    if _password(filled):
        values["password"] = _password(filled)
    return model(AgentChange, values, LABELS)


def _password(filled: Filled) -> str:
    """Return a password as it was typed: blanks are part of it."""
    value = filled.data.get("password")
    return value if isinstance(value, str) else ""
