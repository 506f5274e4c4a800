"""People: their list, and one of them with role, skills and capacity."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import AppStateDep
from api.clock import utc_now
from api.idempotent import OnceDep
from api.schemas.people import AgentChange, AgentOut, NewAgent, StatePeriodOut
from api.schemas.shared import SlugPath
from services import agent_states
from services.configuring import account, agents
from web.admin import skills
from web.forms import FormFields, FormFieldsDep, Value, parse
from web.frame import AdminsFrame
from web.overtaken import overtaken, version_of
from web.route import PageRoute, redirect
from web.words import Words

PATH = "/admin/agents"
PERIODS = 12
"""How many states of a person are shown, the present one first."""
VOLATILE = (
    *("state", "state_reason", "state_since", "load", "online_since", "missed_offers"),
    *("retired_at", "signs_replies"),
)
"""What the page shows and its form does not set."""
LABELS = Words(
    {
        "name": "Name",
        "email": "E-mail address",
        "password": "Password",
        "role": "Role",
        "capacity": "Conversations at once",
    }
)

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_agents(frame: AdminsFrame) -> HTMLResponse:
    """List the account's people."""
    people = [AgentOut.of(one) for one in await agents.listed(frame.caller, frame.session)]
    defaults = await account.show(frame.caller, frame.session)
    return frame.answer(
        "admin/agents.html", agents=people, default_capacity=defaults.default_capacity
    )


@router.post("")
async def create(
    request: Request, form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep, once: OnceDep
) -> Response:
    """Add a person and go to them."""
    values: dict[str, Value] = {name: form.text(name) for name in ("name", "email", "role")}
    new = parse(NewAgent, values | {"password": _password(form)}, LABELS)

    async def make() -> AgentOut:
        hasher = app.passwords
        return AgentOut.of(await agents.create(frame.caller, frame.session, hasher, new.wanted))

    made = await once.create(frame.session, AgentOut, make)
    return redirect(request, f"{PATH}/{made.id}")


@router.get("/{agent_id}")
async def show_agent(agent_id: SlugPath, frame: AdminsFrame, saved: bool = False) -> HTMLResponse:
    """Show a person to edit, with their latest states."""
    agent = await agents.find(frame.caller, frame.session, agent_id)
    periods = await agent_states.list_states(
        frame.caller, frame.session, agent_id, before=None, limit=PERIODS + 1
    )
    defaults = await account.show(frame.caller, frame.session)
    now = utc_now()
    shown = AgentOut.of(agent)
    return frame.answer(
        "admin/agent.html",
        agent=shown,
        seen=_version(shown),
        skills=await skills.list_skills(frame),
        periods=[StatePeriodOut.of(period, now) for period in periods[:PERIODS]],
        has_more=len(periods) > PERIODS,
        default_capacity=defaults.default_capacity,
        saved=saved,
    )


@router.post("/{agent_id}")
async def change(
    request: Request, agent_id: SlugPath, form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep
) -> Response:
    """Change a person."""

    async def present() -> str:
        return _version(AgentOut.of(await agents.find(frame.caller, frame.session, agent_id)))

    if told := await overtaken(request, frame, form, present):
        return told
    wanted = _change(form).wanted
    await agents.change(frame.caller, frame.session, app.passwords, agent_id, wanted)
    return redirect(request, f"{PATH}/{agent_id}?saved=true")


@router.post("/{agent_id}/retire")
async def retire(request: Request, agent_id: SlugPath, frame: AdminsFrame) -> Response:
    """Retire a person."""
    await agents.retire(frame.caller, frame.session, agent_id)
    return redirect(request, PATH)


def _version(agent: AgentOut) -> str:
    return version_of(agent, VOLATILE)


def _change(form: FormFields) -> AgentChange:
    values: dict[str, Value] = {
        "name": form.text("name"),
        "email": form.text("email"),
        "role": form.text("role"),
        "skills": form.every("skills"),
        "capacity": form.maybe("capacity"),
        "may_pick": form.is_checked("may_pick"),
        "signature": form.text("signature") or None,
    }
    if _password(form):
        values["password"] = _password(form)
    return parse(AgentChange, values, LABELS)


def _password(form: FormFields) -> str:
    """Return a password as typed: blanks are part of it."""
    value = form.data.get("password")
    return value if isinstance(value, str) else ""
