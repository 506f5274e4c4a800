"""Sources: ads, posters and pages, with their links and QR codes."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse

from api.idempotent import OnceDep
from api.qr_files import qr_file
from api.schemas.shared import SlugPath
from api.schemas.sources import NewSource, SourceChange, SourceOut
from domain.numbers.kinds import LineKind
from domain.origins.sources import without_keyword
from services.configuring import lines, skills, sources
from services.qr_codes import QrFormat
from web.forms import FormFields, FormFieldsDep, parse
from web.frame import AdminsFrame, Frame
from web.overtaken import overtaken, version_of
from web.route import PageRoute, redirect
from web.words import Words

PATH = "/admin/sources"
LABELS = Words({"name": "Name", "keyword": "Keyword", "first_text": "First text", "line": "Line"})
FIELDS = ("name", "skill", "keyword", "first_text")

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_sources(frame: AdminsFrame, retired: bool = False) -> HTMLResponse:
    """List the sources, and how many conversations each began."""
    found = await sources.listed(frame.caller, frame.session, retired=retired)
    return frame.answer(
        "admin/sources.html",
        sources=[SourceOut.of(one) for one in found],
        skills=await _skills(frame),
        lines=[
            (one.line.id, f"{one.line.name} ({one.line.address})")
            for one in await lines.listed(frame.caller, frame.session)
            if one.line.kind != LineKind.service
        ],
        retired=retired,
    )


@router.post("")
async def create(
    request: Request,
    line: Annotated[str, Form()],
    form: FormFieldsDep,
    frame: AdminsFrame,
    once: OnceDep,
) -> Response:
    """Create a source and go to it."""
    new = parse(NewSource, {"line": line} | _values(form), LABELS)

    async def make() -> SourceOut:
        return SourceOut.of(await sources.create(frame.caller, frame.session, new.wanted))

    made = await once.create(frame.session, SourceOut, make)
    return redirect(request, f"{PATH}/{made.id}")


@router.get("/{source_id}")
async def show_source(source_id: SlugPath, frame: AdminsFrame, saved: bool = False) -> HTMLResponse:
    """Show a source with its link and QR code, to edit."""
    source = await _find(frame, source_id)
    return frame.answer(
        "admin/source.html",
        source=source,
        plain_text=without_keyword(source.keyword or "", source.first_text),
        keyword=_shown_keyword(source),
        skills=await _skills(frame),
        saved=saved,
        seen=_version(source),
    )


@router.post("/{source_id}")
async def change(
    request: Request, source_id: SlugPath, form: FormFieldsDep, frame: AdminsFrame
) -> Response:
    """Change a source."""

    async def present() -> str:
        return _version(await _find(frame, source_id))

    if told := await overtaken(request, frame, form, present):
        return told
    wanted = parse(SourceChange, _values(form), LABELS).wanted
    await sources.change(frame.caller, frame.session, source_id, wanted)
    return redirect(request, f"{PATH}/{source_id}?saved=true")


@router.post("/{source_id}/retire")
async def retire(request: Request, source_id: SlugPath, frame: AdminsFrame) -> Response:
    """Retire a source."""
    await sources.retire(frame.caller, frame.session, source_id)
    return redirect(request, PATH)


@router.get("/{source_id}/qr.svg")
async def show_svg(request: Request, source_id: SlugPath, frame: AdminsFrame) -> Response:
    """Show the QR code of its link, to be printed in any size."""
    return qr_file(request, (await _find(frame, source_id)).link, QrFormat.svg)


@router.get("/{source_id}/qr.png")
async def show_png(request: Request, source_id: SlugPath, frame: AdminsFrame) -> Response:
    """Show the QR code of its link as a picture."""
    return qr_file(request, (await _find(frame, source_id)).link, QrFormat.png)


@router.get("/{source_id}/print")
async def show_print(source_id: SlugPath, frame: AdminsFrame) -> HTMLResponse:
    """Show a sheet to print: the code, and what to text where for whoever cannot scan it."""
    found = await sources.find(frame.caller, frame.session, source_id)
    return frame.answer(
        "admin/source_print.html",
        source=SourceOut.of(found),
        keyword=_shown_keyword(SourceOut.of(found)),
        address=found.address,
    )


async def _find(frame: Frame, source_id: str) -> SourceOut:
    return SourceOut.of(await sources.find(frame.caller, frame.session, source_id))


async def _skills(frame: Frame) -> list[tuple[str, str]]:
    found = await skills.listed(frame.caller, frame.session)
    return [(one.skill.id, one.skill.name) for one in found]


def _shown_keyword(source: SourceOut) -> str:
    """Return the keyword as its author wrote it: it begins the first text."""
    return source.first_text.split(" ")[0] if source.keyword else ""


def _values(form: FormFields) -> dict[str, str]:
    return {name: form.text(name) for name in FIELDS}


def _version(source: SourceOut) -> str:
    return version_of(source, ("conversations", "link", "created_at", "retired_at"))
