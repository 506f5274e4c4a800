"""Try routing: who would get a text now, and why. Nothing is sent."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.schemas.routing import DryRunIn
from database.queries.dry_run import DryRun
from domain.errors import NumberInvalid
from services.configuring import lines
from services.looking import dry_run
from web.forms import FieldsInvalid, FormFieldsDep, Problem, parse
from web.frame import AdminsFrame
from web.route import PageRoute, is_part
from web.words import Words, said

PATH = "/admin/routing"
LABELS = Words({"line": "Line", "number": "From the number", "text": "Text"})

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_routing(frame: AdminsFrame) -> HTMLResponse:
    """Show the form of a text that might come."""
    return await _page(frame)


@router.post("")
async def try_routing(request: Request, form: FormFieldsDep, frame: AdminsFrame) -> HTMLResponse:
    """Show what would become of a text."""
    wanted = parse(DryRunIn, {name: form.text(name) for name in LABELS}, LABELS)
    try:
        found = await dry_run.try_routing(
            frame.caller, frame.session, wanted.line, wanted.number, wanted.text
        )
    except NumberInvalid as error:
        problem = Problem.of("number", LABELS["number"], said(error.detail))
        raise FieldsInvalid([problem]) from error
    if is_part(request):
        return frame.answer("admin/routing_tried.html", found=found)
    return await _page(frame, found)


async def _page(frame: AdminsFrame, found: DryRun | None = None) -> HTMLResponse:
    known = [one.line for one in await lines.listed(frame.caller, frame.session)]
    return frame.answer("admin/routing.html", lines=known, found=found)
