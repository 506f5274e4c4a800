"""Consumers: a list of everybody one may see, searched by name, number, address or field."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData, UploadFile

from api.app_state import AppStateDep
from api.consumer_files import consumers_csv
from api.list_cursors import read_moment_and_id
from api.schemas.consumers import ConsumerInList
from api.schemas.shared import page_of
from database.queries.consumer_lists import SeenPosition
from domain.consumers.imports import Keeping
from domain.errors import Invalid
from services.importing import giving, taking
from services.importing.taking import Import
from services.looking import consumers as looking
from services.looking.consumers import ConsumerListed
from web.frame import PeoplesFrame
from web.page_context import PageUserDep
from web.rendering import PagesDep
from web.route import PageRoute
from web.words import Words

LISTED = 50
LONGEST_SEARCH = 100

CHANGED = Words(
    {
        "name": "Name",
        "email": "E-mail",
        "note": "Note",
        "fields": "Own fields",
        "language": "Language",
    }
)

router = APIRouter(prefix="/consumers", route_class=PageRoute)


@router.get("")
async def show_consumers(
    frame: PeoplesFrame,
    search: Annotated[str, Query()] = "",
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    part: Annotated[bool, Query()] = False,
) -> HTMLResponse:
    """List consumers, those who texted last first. `part`: only the rows after the cursor."""
    position = read_moment_and_id(cursor)
    wanted = search[:LONGEST_SEARCH]
    found = await looking.list_consumers(
        frame.caller,
        frame.session,
        wanted,
        after=SeenPosition(*position) if position else None,
        limit=LISTED + 1,
    )
    page = page_of(found, LISTED, ConsumerInList.shown, _position)
    template = "consumers/rows.html" if part else "consumers/list.html"
    return frame.answer(template, consumers=page, search=wanted, is_first=cursor is None)


@router.get("/export.csv")
async def export_consumers(user: PageUserDep, app: AppStateDep) -> Response:
    """Download all consumers."""
    return consumers_csv(await giving.export(user.caller, app.sessions))


@router.post("/import")
async def import_consumers(
    request: Request, user: PageUserDep, app: AppStateDep, pages: PagesDep
) -> HTMLResponse:
    """Say what an import would do; import once that was read and the same file came again."""
    user.caller.require_whole()
    async with request.form(max_files=1) as form:
        file, step = form.get("file"), form.get("step")
        if not isinstance(file, UploadFile) or not file.filename:
            raise Invalid("Choose a file.")
        is_check = step != "import"
        wanted = Import(user.caller, app.sessions, _keeping(form), is_check=is_check)
        checked = None if is_check else str(form.get("checked"))
        if not is_check and form.get("checked_known") != wanted.keeping:
            raise Invalid("You chose something else since. Check the file again.")
        imported = await taking.import_csv(wanted, file.file, checked)
    return pages.answer(
        "consumers/imported.html",
        imported=imported,
        is_check=is_check,
        keeping=wanted.keeping,
        changed=CHANGED,
    )


def _keeping(form: FormData) -> Keeping:
    return Keeping.replaced if form.get("known") == Keeping.replaced else Keeping.kept


def _position(one: ConsumerListed) -> list[str]:
    return [one.seen_at.isoformat(), str(one.consumer.id)]
