"""The whole configuration as one file: exported, and applied after its plan was shown."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from pydantic import JsonValue
from starlette.datastructures import UploadFile

from api.app_state import AppStateDep
from domain.errors import Invalid
from providers.credentials import EntryKind
from services.brand_file import applying
from services.brand_file.applying import Plan, Wanted
from services.brand_file.comparing import Verb
from services.brand_file.tree import LARGEST, decoded
from web.forms import FormFields, FormFieldsDep
from web.frame import AdminsFrame
from web.route import PageRoute
from web.words import Words

PATH = "/admin/configuration"
MOST_CONNECTORS = 100
VERBS = Words(
    {
        Verb.add: "Add",
        Verb.change: "Change",
        Verb.rename: "Rename",
        Verb.retire: "Retire",
    }
)

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_configuration(frame: AdminsFrame) -> HTMLResponse:
    """Offer the file, and ask for one."""
    return frame.answer("admin/configuration.html")


@router.get("/export")
async def export(frame: AdminsFrame, app: AppStateDep, defaults: bool = False) -> Response:
    """Return the file, to be saved."""
    text = await applying.export(frame.caller, app.sessions, app.outfit, is_whole=defaults)
    headers = {"Content-Disposition": f'attachment; filename="{frame.account_id}.yaml"'}
    return Response(text, media_type="application/yaml", headers=headers)


@router.post("/plan")
async def plan(form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep) -> HTMLResponse:
    """Show what a file would change."""
    text = decoded(await _file(form))
    retires = form.is_checked("retire_missing")
    found = await applying.plan(frame.caller, app.sessions, app.outfit, Wanted(text, retires))
    return _planned(frame, found, text, retires=retires)


@router.post("/apply")
async def apply(form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep) -> HTMLResponse:
    """Apply a file whose plan was shown."""
    written = form.data.get("text")
    # Browsers send line breaks of their own, and the plan is of the file as it was.
    text = written.replace("\r\n", "\n") if isinstance(written, str) else ""
    wanted = Wanted(text, form.is_checked("retire_missing"), _credentials(form))
    done = await applying.apply(frame.caller, app.sessions, app.outfit, wanted, form.text("plan"))
    return frame.pages.answer("admin/configuration_done.html", plan=done, verbs=VERBS)


def _planned(frame: AdminsFrame, found: Plan, text: str, *, retires: bool) -> HTMLResponse:
    return frame.pages.answer(
        "admin/configuration_plan.html",
        plan=found,
        text=text,
        retires=retires,
        verbs=VERBS,
    )


async def _file(form: FormFields) -> bytes:
    """Return the file that was chosen, or the text that was written instead."""
    file = form.data.get("file")
    if isinstance(file, UploadFile) and file.filename:
        try:
            # As a form sends it back: the plan is of this text.
            return (await file.read(LARGEST + 1)).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        finally:
            await form.data.close()
    if not form.text("text"):
        raise Invalid("Choose a file first, or write it into the field.")
    return f"{form.text('text')}\n".encode()


def _credentials(form: FormFields) -> Mapping[str, Mapping[str, JsonValue]]:
    """Return what was filled in for each new connector; a blank field is left out."""
    given: dict[str, Mapping[str, JsonValue]] = {}
    for nth, connector in enumerate(form.every("connector")[:MOST_CONNECTORS]):
        start = f"credential-{nth}-"
        values: dict[str, JsonValue] = {}
        for name in form.data:
            field = name.removeprefix(start)
            if field == name or not form.text(name):
                continue
            is_ticked = field.startswith(f"{EntryKind.yes_no}-")
            key = field.removeprefix(f"{EntryKind.yes_no}-")
            values[key] = True if is_ticked else form.text(name)
        given[connector] = values
    return given
