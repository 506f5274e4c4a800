"""People: their list, and one of them with role, skills and capacity."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import AppState, AppStateDep
from api.clock import utc_now
from api.idempotent import OnceDep
from api.schemas.people import AgentChange, AgentOut, NewAgent, StatePeriodOut
from api.schemas.shared import SlugPath
from domain.board.kinds import BulkKind
from services import agent_states, emptying, log_ins, person_links, second_factor
from services.configuring import account, agents, identity_providers
from services.supervising.inputs import BulkAction, BulkFilters
from web.admin import skills
from web.forms import FormFields, FormFieldsDep, Value, parse
from web.frame import AdminsFrame, Frame
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
async def show_agents(frame: AdminsFrame, app: AppStateDep) -> HTMLResponse:
    """List the account's people."""
    people = [AgentOut.of(one) for one in await agents.listed(frame.caller, frame.session)]
    defaults = await account.show(frame.caller, frame.session)
    return frame.answer(
        "admin/agents.html",
        agents=people,
        default_capacity=defaults.default_capacity,
        skills=await skills.list_skills(frame),
        mails=app.mailing.send is not None,
    )


@router.post("")
async def create(
    form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep, once: OnceDep
) -> Response:
    """Add a person, and show the link with which they set their password."""
    values: dict[str, Value] = {name: form.text(name) for name in ("name", "email", "role")}
    work: dict[str, Value] = {"skills": form.every("skills")}
    if form.maybe("capacity"):
        work["capacity"] = form.text("capacity")
    new = parse(NewAgent, values | work, LABELS)

    async def make() -> AgentOut:
        hasher = app.passwords
        return AgentOut.of(await agents.create(frame.caller, frame.session, hasher, new.wanted))

    made = await once.create(frame.session, AgentOut, make)
    return await _link(frame, app, made.id)


@router.post("/{agent_id}/link")
async def make_link(agent_id: SlugPath, frame: AdminsFrame, app: AppStateDep) -> Response:
    """Give a person a link to set their password with, in place of the one before."""
    return await _link(frame, app, agent_id)


async def _link(frame: Frame, app: AppState, agent_id: str) -> Response:
    shown = AgentOut.of(await agents.find(frame.caller, frame.session, agent_id))
    made = await person_links.make(frame.caller, frame.session, app.mailing, agent_id)
    return frame.pages.answer("admin/agent_link.html", agent=shown, made=made)


@router.post("/{agent_id}/log-ins/end")
async def end_log_ins(request: Request, agent_id: SlugPath, frame: AdminsFrame) -> Response:
    """End all log-ins of a person."""
    await log_ins.end(frame.caller, frame.session, None, agent_id)
    return redirect(request, f"{PATH}/{agent_id}?saved=true")


@router.post("/{agent_id}/codes/remove")
async def remove_codes(request: Request, agent_id: SlugPath, frame: AdminsFrame) -> Response:
    """Switch off the one-time codes of somebody who lost their phone."""
    await second_factor.remove(frame.caller, frame.session, agent_id)
    return redirect(request, f"{PATH}/{agent_id}?saved=true")


@router.post("/{agent_id}/sign-on/forget")
async def forget_sign_on(request: Request, agent_id: SlugPath, frame: AdminsFrame) -> Response:
    """Forget who a person is at the identity provider, such as after a change of provider."""
    await identity_providers.forget(frame.caller, frame.session, agent_id)
    return redirect(request, f"{PATH}/{agent_id}?saved=true")


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
        log_ins=await log_ins.listed(frame.caller, frame.session, agent_id),
        open_there=await emptying.count(frame.caller, frame.session, BulkFilters(agent=agent_id)),
        signs_on=agent.agent.sign_on_subject is not None,
        has_codes=agent.agent.totp_since is not None,
        is_invited=agent.agent.password_hash == agents.NO_PASSWORD,
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


@router.post("/{agent_id}/empty")
async def empty(
    request: Request, agent_id: SlugPath, to: Annotated[str, Form()], frame: AdminsFrame
) -> Response:
    """Transfer a person's conversations to a skill."""
    filters = BulkFilters(agent=agent_id)
    action = BulkAction(kind=BulkKind.transfer, skill=to)
    await emptying.give(frame.caller, frame.session, filters, action)
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
        "may_open": form.is_checked("may_open"),
        "signature": form.text("signature") or None,
    }
    if _password(form):
        values["password"] = _password(form)
    return parse(AgentChange, values, LABELS)


def _password(form: FormFields) -> str:
    """Return a password as typed: blanks are part of it."""
    value = form.data.get("password")
    return value if isinstance(value, str) else ""
