"""Many people from a file: what it would add is shown first."""

from dataclasses import dataclass

from fastapi import APIRouter, BackgroundTasks
from fastapi.responses import HTMLResponse
from starlette.datastructures import UploadFile

from api.app_state import AppStateDep
from domain.errors import Invalid
from services import person_links
from services.configuring import people_files
from services.configuring.people_files import Row
from web.forms import FormFields, FormFieldsDep
from web.frame import AdminsFrame
from web.route import PageRoute

PATH = "/admin/people"

router = APIRouter(prefix=PATH, route_class=PageRoute)


@dataclass(frozen=True)
class Added:
    """Somebody who was added, with the link for their password."""

    row: Row
    link: str


@router.get("")
async def show_people(frame: AdminsFrame) -> HTMLResponse:
    """Ask for a file."""
    return frame.answer("admin/people.html", columns=people_files.COLUMNS, most=people_files.MOST)


@router.post("/look")
async def look(form: FormFieldsDep, frame: AdminsFrame) -> HTMLResponse:
    """Show what a file would add."""
    written = await _file(form)
    rows = await people_files.read(frame.caller, frame.session, written)
    return frame.pages.answer(
        "admin/people_looked.html",
        rows=rows,
        good=sum(row.new is not None for row in rows),
        file=people_files.as_text(written),
    )


@router.post("/add")
async def add(
    form: FormFieldsDep, frame: AdminsFrame, app: AppStateDep, behind: BackgroundTasks
) -> HTMLResponse:
    """Add the good rows, and show everybody's link, once. Mails leave when all are added."""
    written = form.data.get("rows")
    file = written.encode() if isinstance(written, str) else b""
    done = await people_files.add(frame.caller, frame.session, app.passwords, file)
    ids = {agent_id: row for row, agent_id in done if agent_id is not None}
    mailing = app.mailing
    links, mails = await person_links.make_many(frame.caller, frame.session, mailing, list(ids))
    behind.add_task(person_links.deliver, mailing, mails)
    added = [Added(row, link) for row, link in zip(ids.values(), links, strict=True)]
    refused = [row for row, agent_id in done if agent_id is None]
    return frame.pages.answer(
        "admin/people_added.html", added=added, refused=refused, mails=mailing.send is not None
    )


async def _file(form: FormFields) -> bytes:
    file = form.data.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise Invalid("Choose a file first.")
    try:
        return await file.read(people_files.LARGEST + 1)
    finally:
        await form.data.close()
