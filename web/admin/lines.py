"""Lines: the brand's numbers, whether their texts pass, and one line with its settings."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import AppState, AppStateDep
from api.idempotent import OnceDep
from api.schemas.brand import LineChange, LineOut, NewLine
from api.schemas.shared import SlugPath
from domain.board.kinds import BulkKind
from domain.languages import NAMES
from domain.numbers.countries import COUNTRIES
from domain.numbers.kinds import LineKind
from providers.numbers import holder
from services import emptying, line_calls, line_health, number_set_up
from services.configuring import connectors, lines
from services.supervising.inputs import BulkAction, BulkFilters
from web import choices
from web.admin import skills, trying
from web.forms import FieldsInvalid, FormFields, FormFieldsDep, Problem, Value, parse
from web.frame import AdminsFrame, Frame
from web.overtaken import overtaken, version_of
from web.route import PageRoute, redirect
from web.words import Words, _

PATH = "/admin/lines"
LABELS = Words(
    {
        "name": "Name",
        "line_name": "Name of the line",
        "address": "Number",
        "entry_skill": "Skill",
        "priority": "Priority",
        "language": "Language",
        "segments_per_second": "Segments a second",
        "keywords": "Keywords",
    }
)
KINDS = Words(
    {
        LineKind.long_code: "Long code",
        LineKind.toll_free: "Toll-free",
        LineKind.short_code: "Short code",
        LineKind.service: "Messaging service",
    }
)
VOLATILE = ("misdirected_texts", "refused_webhooks", "retired_at", "inbound_webhook")
MORE_KEYWORDS = 3
"""Empty rows for further keywords."""

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_lines(frame: AdminsFrame, app: AppStateDep, retired: bool = False) -> HTMLResponse:
    """List the lines, each with what its last check found."""
    found = await lines.listed(frame.caller, frame.session, retired=retired)
    health = await line_health.last(frame.caller, frame.session)
    return frame.answer(
        "admin/lines.html",
        lines=[_out(app, one) for one in found],
        health=health,
        kinds=KINDS,
        retired=retired,
        connectors=await connectors.listed(frame.caller, frame.session),
    )


@router.post("")
async def create(
    request: Request, form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep, once: OnceDep
) -> Response:
    """Add a line by hand and go to it."""
    values: dict[str, Value] = {
        "name": form.text("line_name"),
        "connector": form.text("connector"),
        "address": form.text("address"),
        "entry_skill": form.text("entry_skill"),
    }
    new = parse(NewLine, values, LABELS)

    async def make() -> LineOut:
        known = app.known_providers
        return _out(app, await lines.create(frame.caller, frame.session, known, new.wanted))

    made = await once.create(frame.session, LineOut, make)
    return redirect(request, f"{PATH}/{made.id}")


@router.get("/{line_id}")
async def show_line(
    line_id: SlugPath, frame: AdminsFrame, app: AppStateDep, saved: bool = False
) -> HTMLResponse:
    """Show a line: what its provider says follows, for it is asked."""
    shown = await _line(frame, app, line_id)
    connector = await connectors.find(frame.caller, frame.session, shown.connector_id)
    open_there = await emptying.count(frame.caller, frame.session, BulkFilters(line=line_id))
    return frame.answer(
        "admin/line.html",
        line=shown,
        seen=version_of(shown, VOLATILE),
        connector=connector,
        can_be_set_up=holder(app.providers.get(connector.provider)) is not None,
        kinds=KINDS,
        languages=NAMES,
        countries=choices.countries(COUNTRIES),
        skills=await skills.list_skills(frame),
        more_keywords=MORE_KEYWORDS,
        trial=await trying.form_of(frame.caller, frame.session, line_id),
        open_there=open_there,
        saved=saved,
    )


@router.get("/{line_id}/health")
async def show_health(line_id: SlugPath, frame: AdminsFrame, app: AppStateDep) -> HTMLResponse:
    """Ask the provider how the line is, and show it."""
    await frame.let_go()
    report = await line_health.check(frame.caller, app.provisioning, line_id)
    return frame.pages.answer("admin/line_health.html", report=report, page=frame.page)


@router.post("/{line_id}")
async def change(
    request: Request, line_id: SlugPath, form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep
) -> Response:
    """Change a line."""

    async def present() -> str:
        return version_of(await _line(frame, app, line_id), VOLATILE)

    if told := await overtaken(request, frame, form, present):
        return told
    wanted = _change(form).wanted
    await lines.change(frame.caller, frame.session, app.known_providers, line_id, wanted)
    return redirect(request, f"{PATH}/{line_id}?saved=true")


@router.post("/{line_id}/set-up")
async def set_up(
    request: Request, line_id: SlugPath, frame: AdminsFrame, app: AppStateDep
) -> Response:
    """Make the provider post the line's texts here again."""
    await frame.let_go()
    await number_set_up.set_up(frame.caller, app.provisioning, line_id)
    return redirect(request, f"{PATH}/{line_id}?saved=true")


@router.post("/{line_id}/answer-calls")
async def answer_calls(
    request: Request, line_id: SlugPath, form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep
) -> Response:
    """Have the line's own calls answered with the offer of a text."""
    replaces = form.text("replaces")
    await frame.let_go()
    await line_calls.answer(frame.caller, app.provisioning, line_id, replaces)
    return redirect(request, f"{PATH}/{line_id}?saved=true")


@router.post("/{line_id}/empty")
async def empty(request: Request, line_id: SlugPath, frame: AdminsFrame) -> Response:
    """Close what is open on the line, without asking for ratings."""
    action = BulkAction(kind=BulkKind.close, asks_rating=False)
    await emptying.give(frame.caller, frame.session, BulkFilters(line=line_id), action)
    return redirect(request, f"{PATH}/{line_id}")


@router.post("/{line_id}/retire")
async def retire(
    request: Request, line_id: SlugPath, form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep
) -> Response:
    """Give the number back to what it did before, and retire the line."""
    leaves = form.is_checked("leave")
    await frame.let_go()
    await number_set_up.retire(frame.caller, app.provisioning, line_id, leaves=leaves)
    return redirect(request, PATH)


async def _line(frame: Frame, app: AppState, line_id: str) -> LineOut:
    return _out(app, await lines.find(frame.caller, frame.session, line_id))


def _out(app: AppState, found: lines.LineDetail) -> LineOut:
    return LineOut.of(found, app.inbound_webhook(found.provider, found.line.id))


def _change(form: FormFields) -> LineChange:
    words, skills_of = form.every_row("keyword"), form.every_row("keyword_skill")
    unchosen = [word for word, skill in zip(words, skills_of, strict=False) if word and not skill]
    if unchosen:
        told = _("Choose a skill for “{word}”.", word=unchosen[0])
        raise FieldsInvalid([Problem("keyword_skill", told, told)])
    values: dict[str, object] = {
        "name": form.text("name"),
        "entry_skill": form.text("entry_skill"),
        "priority": form.text("priority"),
        "language": form.maybe("language"),
        "segments_per_second": form.maybe("segments_per_second"),
        "smart_encoding": form.is_checked("smart_encoding"),
        "countries": form.every("countries") or None,
        "keywords": [
            {"keyword": word, "skill": skill}
            for word, skill in zip(words, skills_of, strict=False)
            if word
        ],
    }
    return parse(LineChange, values, LABELS)
