"""Views of all conversations: kept, changed and deleted beside the list."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response

from api.idempotent import OnceDep
from api.schemas.history import HistoryViewChangeIn, HistoryViewOut, NewHistoryViewIn
from api.schemas.shared import UuidPath
from services.history import views
from web.forms import FormFields, FormFieldsDep, parse
from web.frame import Frame, PeoplesFrame
from web.history.pages import address_of
from web.history.sought import PATH, Sought
from web.route import PageRoute, redirect
from web.words import Words

LABELS = Words({"name": "Name", "filters": "Filters", "columns": "Columns"})

router = APIRouter(prefix=f"{PATH}/views", route_class=PageRoute)


@router.post("")
async def create(
    request: Request, form: FormFieldsDep, frame: PeoplesFrame, once: OnceDep
) -> Response:
    """Keep the present filters, columns and order under a name."""
    values = {**_shown(form, frame), "name": form.text("name")}
    new = parse(NewHistoryViewIn, values | {"is_shared": form.is_checked("shared")}, LABELS)

    async def make() -> HistoryViewOut:
        return HistoryViewOut.of(await views.create(frame.caller, frame.session, new.wanted))

    made = await once.create(frame.session, HistoryViewOut, make)
    return redirect(request, f"{PATH}?view={made.id}")


@router.post("/{view_id}")
async def change(
    request: Request, view_id: UuidPath, form: FormFieldsDep, frame: PeoplesFrame
) -> Response:
    """Give a view another name, or what is shown at present."""
    shown = _shown(form, frame) if form.text("step") == "replace" else {}
    wanted = parse(HistoryViewChangeIn, {**shown, "name": form.text("name")}, LABELS).wanted
    changed = await views.change(frame.caller, frame.session, view_id, wanted)
    return redirect(request, address_of(changed, frame.page))


@router.post("/{view_id}/delete")
async def delete(request: Request, view_id: UuidPath, frame: PeoplesFrame) -> Response:
    """Delete a view. Its conversations stay."""
    await views.delete(frame.caller, frame.session, view_id)
    return redirect(request, PATH)


def _shown(form: FormFields, frame: Frame) -> Mapping[str, object]:
    """Return the filters and columns that the page showed when the form was sent."""
    pairs = parse_qsl(form.text("shown"), max_num_fields=1_000)
    sought = Sought.of(pairs, frame.page.zone)
    return {"filters": sought.filters(), "columns": sought.columns}
