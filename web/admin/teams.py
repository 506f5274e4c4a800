"""Teams: made, changed and retired, with their skills and people."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.idempotent import OnceDep
from api.schemas.shared import SlugPath
from api.schemas.teams import NewTeam, TeamChange, TeamOut
from database.tables import Agent
from domain.people.roles import Role
from services.configuring import agents, teams
from web.admin import skills
from web.forms import FormFields, FormFieldsDep, Value, beside_name, parse
from web.frame import AdminsFrame, Frame
from web.overtaken import overtaken, version_of
from web.route import PageRoute, redirect
from web.words import Words

PATH = "/admin/teams"
LABELS = Words({"name": "Name", "skills": "Skills", "people": "People"})

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_teams(frame: AdminsFrame) -> HTMLResponse:
    """List the teams, with a form for a new one."""
    shown = [TeamOut.of(one) for one in await teams.listed(frame.caller, frame.session)]
    return frame.answer(
        "admin/teams.html",
        teams=sorted(shown, key=lambda one: one.name.casefold()),
        **await _choices(frame),
    )


@router.post("")
async def create(
    request: Request, form: FormFieldsDep, frame: AdminsFrame, once: OnceDep
) -> Response:
    """Create a team."""
    new = parse(NewTeam, _values(form), LABELS)

    async def make() -> TeamOut:
        return TeamOut.of(await teams.create(frame.caller, frame.session, new.wanted))

    with beside_name():
        made = await once.create(frame.session, TeamOut, make)
    return redirect(request, f"{PATH}/{made.id}?saved=true")


@router.get("/{team_id}")
async def show_team(team_id: SlugPath, frame: AdminsFrame, saved: bool = False) -> HTMLResponse:
    """Show a team to edit."""
    team = TeamOut.of(await teams.find(frame.caller, frame.session, team_id))
    return frame.answer(
        "admin/team.html", team=team, saved=saved, seen=_version(team), **await _choices(frame)
    )


@router.post("/{team_id}")
async def change(
    request: Request, team_id: SlugPath, form: FormFieldsDep, frame: AdminsFrame
) -> Response:
    """Change a team."""

    async def present() -> str:
        return _version(TeamOut.of(await teams.find(frame.caller, frame.session, team_id)))

    if told := await overtaken(request, frame, form, present):
        return told
    wanted = parse(TeamChange, _values(form), LABELS).wanted
    with beside_name():
        await teams.change(frame.caller, frame.session, team_id, wanted)
    return redirect(request, f"{PATH}/{team_id}?saved=true")


@router.post("/{team_id}/retire")
async def retire(request: Request, team_id: SlugPath, frame: AdminsFrame) -> Response:
    """Retire a team."""
    await teams.retire(frame.caller, frame.session, team_id)
    return redirect(request, PATH)


async def _choices(frame: Frame) -> dict[str, object]:
    people = [one.agent for one in await agents.listed(frame.caller, frame.session)]
    by_name = sorted(people, key=lambda one: one.name.casefold())
    return {
        "skills": await skills.list_skills(frame),
        "managers": [_pair(one) for one in by_name if one.role == Role.manager],
        "others": [_pair(one) for one in by_name if one.role != Role.manager],
    }


def _pair(agent: Agent) -> tuple[str, str]:
    return agent.id, agent.name


def _values(form: FormFields) -> dict[str, Value]:
    return {
        "name": form.text("name"),
        "skills": form.every("skills"),
        "people": [*form.every("managers"), *form.every("people")],
    }


def _version(team: TeamOut) -> str:
    return version_of(team, ("created_at", "retired_at"))
