"""Labels: made, changed and retired on one page."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.idempotent import OnceDep
from api.schemas.labels import LabelChange, LabelOut, NewLabel
from api.schemas.shared import SlugPath
from domain.settings.kinds import LabelColour
from services.configuring import labels
from web.forms import FormFields, FormFieldsDep, beside_name, parse
from web.frame import AdminsFrame
from web.overtaken import overtaken, version_of
from web.route import PageRoute, redirect
from web.words import Words

PATH = "/admin/labels"
LABELS = Words({"name": "Name", "colour": "Colour"})
COLOURS = Words(
    {
        LabelColour.grey: "Grey",
        LabelColour.red: "Red",
        LabelColour.orange: "Orange",
        LabelColour.yellow: "Yellow",
        LabelColour.green: "Green",
        LabelColour.teal: "Teal",
        LabelColour.blue: "Blue",
        LabelColour.purple: "Purple",
        LabelColour.pink: "Pink",
    }
)

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_labels(frame: AdminsFrame, retired: bool = False) -> HTMLResponse:
    """List the labels."""
    found = await labels.listed(frame.caller, frame.session, retired=retired)
    shown = [LabelOut.model_validate(one) for one in found]
    return frame.answer(
        "admin/labels.html",
        labels=sorted(shown, key=lambda one: one.name.casefold()),
        colours=COLOURS,
        retired=retired,
    )


@router.post("")
async def create(
    request: Request, form: FormFieldsDep, frame: AdminsFrame, once: OnceDep
) -> Response:
    """Create a label."""
    new = parse(NewLabel, _values(form), LABELS)

    async def make() -> LabelOut:
        made = await labels.create(frame.caller, frame.session, new.name, new.colour)
        return LabelOut.model_validate(made)

    with beside_name():
        await once.create(frame.session, LabelOut, make)
    return redirect(request, PATH)


@router.get("/{label_id}")
async def show_label(label_id: SlugPath, frame: AdminsFrame, saved: bool = False) -> HTMLResponse:
    """Show a label to edit."""
    label = LabelOut.model_validate(await labels.find(frame.caller, frame.session, label_id))
    return frame.answer(
        "admin/label.html", label=label, colours=COLOURS, saved=saved, seen=_version(label)
    )


@router.post("/{label_id}")
async def change(
    request: Request, label_id: SlugPath, form: FormFieldsDep, frame: AdminsFrame
) -> Response:
    """Change a label."""

    async def present() -> str:
        found = await labels.find(frame.caller, frame.session, label_id)
        return _version(LabelOut.model_validate(found))

    if told := await overtaken(request, frame, form, present):
        return told
    wanted = parse(LabelChange, _values(form), LABELS).wanted
    with beside_name():
        await labels.change(frame.caller, frame.session, label_id, wanted)
    return redirect(request, f"{PATH}/{label_id}?saved=true")


@router.post("/{label_id}/retire")
async def retire(request: Request, label_id: SlugPath, frame: AdminsFrame) -> Response:
    """Retire a label."""
    await labels.retire(frame.caller, frame.session, label_id)
    return redirect(request, PATH)


def _values(form: FormFields) -> dict[str, str]:
    return {name: form.text(name) for name in LABELS}


def _version(label: LabelOut) -> str:
    return version_of(label, ("created_at", "retired_at"))
