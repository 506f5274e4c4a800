"""The whole configuration as one file: written, looked through, and applied."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from api.app_state import AppStateDep
from api.configuration import applying
from web.admin.audit import ACTIONS, SUBJECTS
from web.forms import FormFieldsDep
from web.frame import AdminsFrame
from web.route import PageRoute, redirect

PATH = "/admin/configuration"

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_configuration(
    frame: AdminsFrame, app: AppStateDep, saved: bool = False
) -> HTMLResponse:
    """Show the present settings as a file, to be changed and looked through."""
    text = await applying.written(frame.caller, frame.session, app.known_providers)
    return frame.answer("admin/configuration.html", text=text, saved=saved)


@router.get("/file")
async def download(frame: AdminsFrame, app: AppStateDep) -> PlainTextResponse:
    """Send the file."""
    text = await applying.written(frame.caller, frame.session, app.known_providers)
    headers = {"Content-Disposition": 'attachment; filename="switchboard.yaml"'}
    return PlainTextResponse(text, media_type="application/yaml; charset=utf-8", headers=headers)


@router.post("/plan")
async def plan(form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep) -> HTMLResponse:
    """Show what a file would change. Nothing is kept."""
    position = await applying.position(frame.caller, frame.session)
    file = form.text("file")
    async with frame.session.begin_nested() as attempt:
        changes = await applying.apply(
            frame.caller, frame.session, app.known_providers, file.encode()
        )
        await attempt.rollback()
    return frame.pages.answer(
        "admin/configuration_plan.html",
        changes=changes,
        actions=ACTIONS,
        subjects=SUBJECTS,
        file=file,
        seen=position,
    )


@router.post("")
async def apply(
    request: Request, form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep
) -> Response:
    """Apply a file whose plan was shown."""
    seen = form.text("seen")
    await applying.apply(
        frame.caller,
        frame.session,
        app.known_providers,
        form.text("file").encode(),
        seen=int(seen) if seen.isdecimal() and len(seen) < 19 else None,
    )
    return redirect(request, f"{PATH}?saved=true")
