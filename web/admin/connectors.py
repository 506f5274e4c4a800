"""Connectors: connecting a provider, its numbers, and one connector with its settings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import JsonValue

from api.app_state import AppState, AppStateDep
from api.idempotent import OnceDep
from api.schemas.brand import ConnectorChange, ConnectorOut, NewConnector
from api.schemas.shared import SlugPath
from domain.errors import DomainError, Invalid
from domain.numbers.kinds import LineKind
from domain.people.roles import Role
from providers.contract import Description
from providers.credentials import EntryKind, form_of
from providers.names import NAMES
from providers.numbers import holder
from services import connecting, line_calls, number_set_up, retiring_connectors
from services.configuring import agents, connectors, lines, skills
from services.configuring.agents import AgentChange
from services.configuring.skills import SkillChange
from services.connecting import Tried
from services.number_set_up import ListedNumber, Pick
from services.providers import check_connector, known_providers
from web.admin import skills as skill_pages
from web.admin import trying
from web.admin.parts import part_of
from web.forms import FieldsInvalid, FormFields, FormFieldsDep, Problem, parse
from web.frame import AdminsFrame, Frame
from web.overtaken import overtaken, version_of
from web.route import PageRoute, is_part, redirect
from web.words import Words, _, said

PATH = "/admin/connectors"
LABELS = Words({"name": "Name", "prefix": "Before automatic messages", "api_url": "API address"})
KINDS = Words(
    {
        LineKind.long_code: "Long code",
        LineKind.toll_free: "Toll-free",
        LineKind.short_code: "Short code",
        LineKind.service: "Messaging service",
    }
)
INSTEAD_OF_THE_PAGE = {
    "HX-Retarget": "#content",
    "HX-Reselect": "#content",
    "HX-Reswap": "outerHTML show:top",
}
"""Refusals stand in the form, where nothing that was ticked or written is lost."""
VOLATILE = ("pause", "retired_at")
MANY = 50
"""Numbers shown at once, and from which on one is looked for. Ours: each has several fields, and a
form with more than 1,000 is refused."""
MOST_PAGES = 1_000_000
TRIED_AT_ONCE = 3
"""Lines that can be tried where they were connected; others on their own pages. Ours."""
USUAL = NAMES[0]

router = APIRouter(prefix=PATH, route_class=PageRoute)


@dataclass(frozen=True)
class Connected:
    """What became of a number that was picked."""

    address: str
    line_id: str | None = None
    sentence: str = ""
    calls: str = ""
    """Why its calls are not answered; empty: they are, or that was not asked for."""


@router.get("")
async def show_connectors(
    frame: AdminsFrame, app: AppStateDep, provider: str = USUAL
) -> HTMLResponse:
    """List the connectors, with a form for another one."""
    known = known_providers(frame.caller, app.providers)
    chosen = next((one for one in known if one.name == provider), known[0])
    rows = await connectors.listed(frame.caller, frame.session)
    pauses = {row.id: pause for row, pause in await connectors.paused(frame.caller, frame.session)}
    every_line = await lines.listed(frame.caller, frame.session)
    return frame.answer(
        "admin/connectors.html",
        connectors=[ConnectorOut.of(row, pauses.get(row.id)) for row in rows],
        labels={one.name: one.label for one in known},
        held={row.id: [one.line for one in every_line if one.line.connector_id == row.id]
              for row in rows},
        known=known,
        chosen=chosen,
        fields=form_of(chosen.credentials),
        may_be_elsewhere=app.settings.is_development,
    )  # fmt: skip


@router.post("")
async def create(
    request: Request, form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep, once: OnceDep
) -> Response:
    """Connect to a provider, if it takes the secret, and go on to its numbers."""
    description = _description(frame, app, form.text("provider"))
    secret, api_url = _secret(form, description), form.maybe("api_url")
    values = {
        "provider": description.name,
        "name": form.text("name") or description.label,
        "secret": secret,
        "api_url": api_url,
    }
    new = parse(NewConnector, values, LABELS)
    if not form.is_checked("untried"):
        tried = Tried(description.name, secret, api_url and api_url.rstrip("/"))
        await connecting.try_secret(frame.caller, app.provisioning, tried)

    async def make() -> ConnectorOut:
        known = app.known_providers
        return ConnectorOut.of(
            await connectors.create(frame.caller, frame.session, known, new.wanted)
        )

    made = await once.create(frame.session, ConnectorOut, make)
    return redirect(request, f"{PATH}/{made.id}")


@router.get("/{connector_id}")
async def show_connector(
    connector_id: SlugPath, frame: AdminsFrame, app: AppStateDep, saved: bool = False
) -> HTMLResponse:
    """Show a connector: its checks and numbers follow, for its provider is asked."""
    shown = await _connector(frame, connector_id)
    description = app.known_providers.descriptions.get(shown.provider)
    held = await retiring_connectors.held(frame.caller, frame.session, connector_id)
    return frame.answer(
        "admin/connector.html",
        connector=shown,
        seen=version_of(shown, VOLATILE),
        label=description.label if description else shown.provider,
        fields=form_of(description.credentials) if description else (),
        lists_numbers=holder(app.providers.get(shown.provider)) is not None,
        lines=[one.line for one in held],
        held=held,
        open_there=sum(one.open_there for one in held),
        skills=await skill_pages.list_skills(frame),
        saved=saved,
    )


@router.get("/{connector_id}/checks")
async def show_checks(connector_id: SlugPath, frame: AdminsFrame, app: AppStateDep) -> HTMLResponse:
    """Show what the provider says of the account, and whether it can reach us."""
    shown = await _connector(frame, connector_id)
    await frame.let_go()
    findings = await check_connector(
        frame.caller, app.sessions, app.providers, app.secret_box, connector_id, app.trace
    )
    if connecting.is_on_the_internet(shown.api_url):
        reached = await connecting.reached(frame.caller, app.provisioning)
        findings = (*findings, reached)
    return frame.pages.answer("admin/findings.html", findings=findings)


@router.get("/{connector_id}/numbers")
async def show_numbers(
    connector_id: SlugPath,
    frame: AdminsFrame,
    app: AppStateDep,
    number: Annotated[str, Query(max_length=80)] = "",
    page: Annotated[int, Query(ge=1, le=MOST_PAGES)] = 1,
) -> HTMLResponse:
    """Show a part of the account's numbers, or of those that are looked for, to pick from."""
    shown = await _connector(frame, connector_id)
    known_skills = await skill_pages.list_skills(frame)
    await frame.let_go()
    numbers: Sequence[ListedNumber] = ()
    problem = await _unreached(frame, app, shown)
    if not problem:
        try:
            numbers = await number_set_up.look(
                frame.caller, app.provisioning, connector_id, number.strip() or None
            )
        except DomainError as error:
            problem = said(error.detail)
    return frame.pages.answer(
        "admin/numbers.html",
        connector=shown,
        part=part_of(numbers, page, MANY),
        looked_for=number,
        many=len(numbers) >= MANY,
        problem=problem,
        kinds=KINDS,
        skills=known_skills,
    )


@router.post("/{connector_id}/numbers")
async def connect(
    request: Request,
    connector_id: SlugPath,
    form: FormFieldsDep,
    frame: AdminsFrame,
    app: AppStateDep,
) -> HTMLResponse:
    """Connect the picked numbers, one after the other, and say what became of each."""
    picked = form.every("numbers")
    shown = await _connector(frame, connector_id)
    if not picked:
        raise Invalid("Choose at least one number.")
    await frame.let_go()
    made = await _new_skill(frame, app, form)
    results = [
        await _connect(frame, app, form, connector_id, _pick(form, address, made))
        for address in picked
    ]
    made_lines = [one.line_id for one in results if one.line_id][:TRIED_AT_ONCE]
    async with app.sessions() as session:
        trials = [await trying.form_of(frame.caller, session, one) for one in made_lines]
    told = frame.answer("admin/connected.html", connector=shown, results=results, trials=trials)
    if is_part(request):
        told.headers.update(INSTEAD_OF_THE_PAGE)
    return told


@router.post("/{connector_id}")
async def change(
    request: Request,
    connector_id: SlugPath,
    form: FormFieldsDep,
    frame: AdminsFrame,
    app: AppStateDep,
) -> Response:
    """Change a connector. A new secret is tried first."""

    async def present() -> str:
        return version_of(await _connector(frame, connector_id), VOLATILE)

    if told := await overtaken(request, frame, form, present):
        return told
    shown = await _connector(frame, connector_id)
    values: dict[str, object] = {"name": form.text("name"), "prefix": form.text("prefix")}
    secret = _secret(form, _description(frame, app, shown.provider))
    if any(isinstance(value, str) for value in secret.values()):
        values["secret"] = secret
        if not form.is_checked("untried"):
            tried = Tried(shown.provider, secret, shown.api_url)
            await connecting.try_secret(frame.caller, app.provisioning, tried)
    wanted = parse(ConnectorChange, values, LABELS).wanted
    await connectors.change(frame.caller, frame.session, app.known_providers, connector_id, wanted)
    return redirect(request, f"{PATH}/{connector_id}?saved=true")


@router.post("/{connector_id}/retire")
async def retire(
    request: Request,
    connector_id: SlugPath,
    form: FormFieldsDep,
    frame: AdminsFrame,
    app: AppStateDep,
) -> Response:
    """Retire a connector, and its lines too if that was chosen."""
    await frame.let_go()
    await retiring_connectors.retire(
        frame.caller,
        app.provisioning,
        connector_id,
        lines_too=form.is_checked("lines"),
        leaves=form.is_checked("leave"),
    )
    return redirect(request, PATH)


async def _unreached(frame: Frame, app: AppState, shown: ConnectorOut) -> str:
    """Return why the provider cannot reach us; empty: it can, or is on this machine."""
    if not connecting.is_on_the_internet(shown.api_url):
        return ""
    found = await connecting.reached(frame.caller, app.provisioning)
    return said(found.sentence)


async def _connect(
    frame: Frame, app: AppState, form: FormFields, connector_id: str, pick: Pick
) -> Connected:
    try:
        done = await number_set_up.connect(
            frame.caller, app.provisioning, app.known_providers, connector_id, pick
        )
    except DomainError as error:
        return Connected(pick.address, sentence=said(error.detail))
    wants_calls = form.is_checked("calls") and f"calls {pick.address}" in form.data
    calls = await _answer_calls(frame, app, form, done) if wants_calls else ""
    return Connected(pick.address, done.line_id, calls=calls)


async def _answer_calls(frame: Frame, app: AppState, form: FormFields, done: ListedNumber) -> str:
    """Have a number's calls answered. Returns why not, empty: they are."""
    shown = form.text(f"calls {done.sender.address}")
    try:
        await line_calls.answer(frame.caller, app.provisioning, done.line_id or "", shown)
    except DomainError as error:
        return said(error.detail)
    return ""


def _pick(form: FormFields, address: str, made: str | None) -> Pick:
    skill = made or form.text(f"skill {address}")
    return Pick(
        address,
        skill,
        form.text(f"name {address}"),
        form.text(f"replaces {address}"),
        form.text(f"fallback {address}"),
    )


async def _new_skill(frame: Frame, app: AppState, form: FormFields) -> str | None:
    """Make the first skill, which the admin gets if they answer themselves. None: not wanted."""
    name = form.text("new_skill")
    if not name:
        return None
    # In a transaction of its own: lines are connected in their own, and need it.
    async with app.sessions.begin() as session:
        made = await skills.create(frame.caller, session, name, SkillChange())
        person = frame.caller.person
        if form.is_checked("myself") and person is not None:
            own = await agents.find(frame.caller, session, person.agent_id)
            wanted = AgentChange(skills=[*own.skills, made.skill.id])
            await agents.change(frame.caller, session, app.passwords, person.agent_id, wanted)
        return made.skill.id


async def _connector(frame: Frame, connector_id: str) -> ConnectorOut:
    row = await connectors.find(frame.caller, frame.session, connector_id)
    pause = await connectors.pause_of(frame.caller, frame.session, connector_id)
    return ConnectorOut.of(row, pause)


def _description(frame: Frame, app: AppState, name: str) -> Description:
    frame.caller.require(Role.admin)
    found = app.known_providers.descriptions.get(name)
    if found is None:
        raise Invalid("Choose a provider.")
    return found


def _secret(form: FormFields, description: Description) -> dict[str, JsonValue]:
    """Return the filled-in fields of a provider's secret; those left empty are left out.

    Raises `FieldsInvalid` for what cannot be one.
    """
    found: dict[str, JsonValue] = {}
    wrong: list[Problem] = []
    for one in form_of(description.credentials):
        written = form.text(f"secret-{one.name}")
        if one.kind is EntryKind.yes_no and form.is_checked(f"secret-{one.name}"):
            found[one.name] = True
        elif one.kind is EntryKind.pairs and written:
            found[one.name] = dict(connecting.pairs(written))
        elif one.kind is EntryKind.text and written:
            found[one.name] = written
            if one.pattern and not re.fullmatch(one.pattern, written):
                label, told = said(one.label), _("has the wrong format")
                wrong.append(Problem.of(f"secret-{one.name}", label, told))
    if wrong:
        raise FieldsInvalid(wrong)
    return found
