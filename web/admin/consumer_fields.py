"""Fields that the account keeps about its consumers: who sees and edits them, in which order."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.idempotent import OnceDep
from api.schemas.consumer_fields import ConsumerFieldChange, ConsumerFieldOut, NewConsumerField
from api.schemas.shared import SlugPath
from domain.consumers.kinds import FieldKind
from domain.people.roles import Role
from services.configuring import consumer_fields
from web.forms import FormFields, FormFieldsDep, Value, parse
from web.frame import AdminsFrame, Frame
from web.overtaken import overtaken, version_of
from web.route import PageRoute, redirect
from web.words import Words

PATH = "/admin/fields"
KINDS = Words(
    {
        FieldKind.text: "Text",
        FieldKind.number: "Number",
        FieldKind.date: "Date",
        FieldKind.choice: "Choice",
        FieldKind.yes_no: "Yes or no",
        FieldKind.link: "Link",
    }
)
ROLES = Words({Role.agent: "Everybody", Role.manager: "Managers and admins", Role.admin: "Admins"})
LABELS = Words(
    {
        "name": "Name",
        "kind": "Kind",
        "choices": "Choices",
        "seen_by": "Seen by",
        "edited_by": "Edited by",
        "position": "Order",
    }
)

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_fields(frame: AdminsFrame, retired: bool = False) -> HTMLResponse:
    """List the fields, with a form for a new one."""
    found = await consumer_fields.listed(frame.caller, frame.session, retired=retired)
    rows = sorted(found, key=lambda row: (row.position, row.name.casefold()))
    return frame.answer(
        "admin/fields.html",
        fields=[ConsumerFieldOut.of(row) for row in rows],
        kinds=KINDS,
        roles=ROLES,
        retired=retired,
    )


@router.post("")
async def create(
    request: Request, form: FormFieldsDep, frame: AdminsFrame, once: OnceDep
) -> Response:
    """Create a field."""
    new = parse(NewConsumerField, _values(form) | {"kind": form.text("kind")}, LABELS)

    async def make() -> ConsumerFieldOut:
        return ConsumerFieldOut.of(
            await consumer_fields.create(frame.caller, frame.session, new.wanted)
        )

    await once.create(frame.session, ConsumerFieldOut, make)
    return redirect(request, PATH)


@router.get("/{field_id}")
async def show_field(field_id: SlugPath, frame: AdminsFrame, saved: bool = False) -> HTMLResponse:
    """Show a field to edit."""
    field = await _find(frame, field_id)
    return frame.answer(
        "admin/field.html",
        field=field,
        kind=KINDS[field.kind],
        roles=ROLES,
        saved=saved,
        seen=version_of(field),
    )


@router.post("/{field_id}")
async def change(
    request: Request, field_id: SlugPath, form: FormFieldsDep, frame: AdminsFrame
) -> Response:
    """Change a field."""

    async def present() -> str:
        return version_of(await _find(frame, field_id))

    if told := await overtaken(request, frame, form, present):
        return told
    wanted = parse(ConsumerFieldChange, _values(form), LABELS).wanted
    await consumer_fields.change(frame.caller, frame.session, field_id, wanted)
    return redirect(request, f"{PATH}/{field_id}?saved=true")


@router.post("/{field_id}/retire")
async def retire(request: Request, field_id: SlugPath, frame: AdminsFrame) -> Response:
    """Retire a field."""
    await consumer_fields.retire(frame.caller, frame.session, field_id)
    return redirect(request, PATH)


async def _find(frame: Frame, field_id: str) -> ConsumerFieldOut:
    return ConsumerFieldOut.of(await consumer_fields.find(frame.caller, frame.session, field_id))


def _values(form: FormFields) -> dict[str, Value]:
    choices = [line.strip() for line in form.text("choices").split("\n") if line.strip()]
    return {
        **{name: form.text(name) for name in ("name", "seen_by", "edited_by")},
        "position": form.text("position") or "0",
        "choices": choices,
        "is_required": form.is_checked("is_required"),
    }
