"""Panels: pages of other systems, which agents open beside a conversation."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import AppStateDep
from api.caller import origin
from api.idempotent import OnceDep
from api.schemas.consumer_fields import NewPanel, PanelChange, PanelOut
from api.schemas.shared import SlugPath
from services.configuring import panels
from web.forms import FormFields, FormFieldsDep, Value, parse
from web.frame import AdminsFrame, Frame
from web.overtaken import overtaken, version_of
from web.route import PageRoute, redirect
from web.words import Words

PATH = "/admin/panels"
EXAMPLE = "https://crm.example.com/search?phone={number}"
LABELS = Words({"name": "Title", "template": "Address", "position": "Order"})

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_panels(frame: AdminsFrame, retired: bool = False) -> HTMLResponse:
    """List the panels, with a form for a new one."""
    found = await panels.listed(frame.caller, frame.session, retired=retired)
    rows = sorted(found, key=lambda row: (row.position, row.name.casefold()))
    return frame.answer(
        "admin/panels.html",
        panels=[PanelOut.of(row) for row in rows],
        places=await panels.places(frame.caller, frame.session),
        example=EXAMPLE,
        retired=retired,
    )


@router.post("")
async def create(
    request: Request, form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep, once: OnceDep
) -> Response:
    """Create a panel."""
    new = parse(NewPanel, _values(form), LABELS)

    async def make() -> PanelOut:
        return PanelOut.of(
            await panels.create(frame.caller, frame.session, new.wanted, origin(app.public_url))
        )

    await once.create(frame.session, PanelOut, make)
    return redirect(request, PATH)


@router.get("/{panel_id}")
async def show_panel(panel_id: SlugPath, frame: AdminsFrame, saved: bool = False) -> HTMLResponse:
    """Show a panel to edit."""
    panel = await _find(frame, panel_id)
    return frame.answer(
        "admin/panel.html",
        panel=panel,
        places=await panels.places(frame.caller, frame.session),
        example=EXAMPLE,
        saved=saved,
        seen=version_of(panel),
    )


@router.post("/{panel_id}")
async def change(
    request: Request,
    panel_id: SlugPath,
    form: FormFieldsDep,
    frame: AdminsFrame,
    app: AppStateDep,
) -> Response:
    """Change a panel."""

    async def present() -> str:
        return version_of(await _find(frame, panel_id))

    if told := await overtaken(request, frame, form, present):
        return told
    wanted = parse(PanelChange, _values(form), LABELS).wanted
    await panels.change(frame.caller, frame.session, panel_id, wanted, origin(app.public_url))
    return redirect(request, f"{PATH}/{panel_id}?saved=true")


@router.post("/{panel_id}/retire")
async def retire(request: Request, panel_id: SlugPath, frame: AdminsFrame) -> Response:
    """Retire a panel."""
    await panels.retire(frame.caller, frame.session, panel_id)
    return redirect(request, PATH)


async def _find(frame: Frame, panel_id: str) -> PanelOut:
    return PanelOut.of(await panels.find(frame.caller, frame.session, panel_id))


def _values(form: FormFields) -> dict[str, Value]:
    return {
        "name": form.text("name"),
        "template": form.text("template"),
        "position": form.text("position") or "0",
    }
