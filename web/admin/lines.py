"""Lines: their list with their health, and one of them with its settings."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import AppState, AppStateDep
from api.schemas.brand import LineChange, LineOut
from api.schemas.shared import SlugPath
from domain.errors import Invalid
from domain.numbers.kinds import LineKind
from services.configuring import account, connectors, line_health, lines
from services.configuring.lines import LineDetail
from web.admin import skills
from web.admin.accounts import MISDIRECTED
from web.forms import FormFields, FormFieldsDep, parse
from web.frame import AdminsFrame
from web.overtaken import overtaken, version_of
from web.route import PageRoute, redirect
from web.words import Words, mark

PATH = "/admin/lines"
LABELS = Words(
    {
        "name": "Name",
        "entry_skill": "New conversations go to",
        "priority": "Priority",
        "language": "Language",
        "segments_per_second": "Segments a second",
        "keywords": "Keywords",
    }
)
KINDS = Words(
    {
        LineKind.long_code: "Long code",
        LineKind.toll_free: "Toll-free number",
        LineKind.short_code: "Short code",
        LineKind.service: "Messaging service",
    }
)
NOT_FORM = ("misdirected_texts", "refused_webhooks", "retired_at", "inbound_webhook", "kind")
SPARE_ROWS = 3
"""Empty rows for new keywords."""
HALF_A_ROW = mark("Keywords: give each keyword a skill, and each skill a keyword.")

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_lines(frame: AdminsFrame, retired: bool = False) -> HTMLResponse:
    """List the lines, each with its health at a glance."""
    found = await line_health.listed(frame.caller, frame.session, retired=retired)
    return frame.answer(
        "admin/lines.html",
        found=sorted(found, key=lambda one: one.detail.line.name.casefold()),
        skills={one.id: one.name for one in await skills.list_skills(frame)},
        kinds=KINDS,
        retired=retired,
    )


@router.get("/{line_id}")
async def show_line(
    line_id: SlugPath, frame: AdminsFrame, app: AppStateDep, saved: bool = False
) -> HTMLResponse:
    """Show a line's health, and its settings to edit."""
    health = await line_health.find(frame.caller, frame.session, line_id)
    line = _shown(app, health.detail)
    connector = await connectors.find(frame.caller, frame.session, line.connector_id)
    return frame.answer(
        "admin/line.html",
        line=line,
        health=health,
        connector=connector,
        rows=[*((one.keyword, one.skill) for one in line.keywords), *[("", "")] * SPARE_ROWS],
        skills=await skills.list_skills(frame),
        zone=(await account.show(frame.caller, frame.session)).time_zone,
        misdirected_words=MISDIRECTED,
        kinds=KINDS,
        saved=saved,
        seen=_version(line),
    )


@router.post("/{line_id}")
async def change(
    request: Request, line_id: SlugPath, form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep
) -> Response:
    """Change a line. Open conversations stay where they are."""

    async def present() -> str:
        return _version(_shown(app, await lines.find(frame.caller, frame.session, line_id)))

    if told := await overtaken(request, frame, form, present):
        return told
    wanted = parse(LineChange, _values(form), LABELS).wanted
    await lines.change(frame.caller, frame.session, app.known_providers, line_id, wanted)
    return redirect(request, f"{PATH}/{line_id}?saved=true")


@router.post("/{line_id}/retire")
async def retire(request: Request, line_id: SlugPath, frame: AdminsFrame) -> Response:
    """Retire a line on which nothing is open."""
    await lines.retire(frame.caller, frame.session, line_id)
    return redirect(request, PATH)


def _shown(app: AppState, found: LineDetail) -> LineOut:
    return LineOut.of(found, app.inbound_webhook(found.provider, found.line.id))


def _version(line: LineOut) -> str:
    return version_of(line, NOT_FORM)


def _values(form: FormFields) -> dict[str, object]:
    return {
        "name": form.text("name"),
        "entry_skill": form.text("entry_skill"),
        "priority": form.text("priority"),
        "language": form.maybe("language"),
        "segments_per_second": form.maybe("segments_per_second"),
        "smart_encoding": form.is_checked("smart_encoding"),
        "keywords": _keywords(form),
    }


def _keywords(form: FormFields) -> list[dict[str, str]]:
    """Return the rows that are filled in. Raises `Invalid` for one that is so by half."""
    words = [word.strip() for word in form.every("keyword")]
    rows = list(zip(words, form.every("keyword_skill"), strict=False))
    if any(bool(word) != bool(skill) for word, skill in rows):
        raise Invalid(HALF_A_ROW)
    return [{"keyword": word, "skill": skill} for word, skill in rows if word]
