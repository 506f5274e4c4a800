"""The whole configuration as one file: exported, and applied after its plan was shown."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import JsonValue
from starlette.datastructures import UploadFile

from api.app_state import AppStateDep
from api.body_limit import LARGEST_CONFIGURATION
from domain.errors import DomainError, Invalid
from providers.credentials import EntryKind
from services.brand_file import applying
from services.brand_file.applying import ConfigurationChanged, ConfigurationUnfit, Plan, Wanted
from services.brand_file.comparing import Verb
from services.brand_file.tree import LARGEST, decoded
from web.forms import FormFields
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


async def get_form_with_file(request: Request) -> FormFields:
    """Return a form that has a whole file in a field, or more than one may have."""
    return FormFields(await request.form(max_part_size=LARGEST_CONFIGURATION))


FormDep = Annotated[FormFields, Depends(get_form_with_file)]


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
async def plan(form: FormDep, frame: AdminsFrame, app: AppStateDep) -> HTMLResponse:
    """Show what a file would change."""
    text = decoded(await _file(form))
    retires = form.is_checked("retire_missing")
    found = await applying.plan(frame.caller, app.sessions, app.outfit, Wanted(text, retires))
    return _planned(frame, found, text, retires=retires)


@router.post("/apply")
async def apply(form: FormDep, frame: AdminsFrame, app: AppStateDep) -> HTMLResponse:
    """Apply a file whose plan was shown. If it cannot be, say why beside the plan of now."""
    written = form.data.get("text")
    # Browsers send line breaks of their own, and the plan is of the file as it was.
    text = written.replace("\r\n", "\n") if isinstance(written, str) else ""
    wanted = Wanted(text, form.is_checked("retire_missing"), _credentials(form))
    try:
        done = await applying.apply(
            frame.caller, app.sessions, app.outfit, wanted, form.text("plan")
        )
    except (ConfigurationChanged, ConfigurationUnfit) as error:
        # Without the credentials, which are asked for again: they may be what is wrong.
        again = replace(wanted, secrets={})
        found = await applying.plan(frame.caller, app.sessions, app.outfit, again)
        return _planned(frame, found, text, retires=wanted.retire_missing, refused=error)
    return frame.pages.answer("admin/configuration_done.html", plan=done, verbs=VERBS)


def _planned(
    frame: AdminsFrame,
    found: Plan,
    text: str,
    *,
    retires: bool,
    refused: DomainError | None = None,
) -> HTMLResponse:
    return frame.pages.answer(
        "admin/configuration_plan.html",
        status=refused.status if refused else 200,
        refused=refused.detail if refused else "",
        plan=found,
        text=text,
        retires=retires,
        verbs=VERBS,
    )


async def _file(form: FormFields) -> bytes:
    """Return the file that was chosen, or the text that was written instead."""
    file = form.data.get("file")
    try:
        if isinstance(file, UploadFile) and file.filename:
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
        if values:
            given[connector] = values
    return given
