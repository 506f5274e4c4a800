"""Erasing everything about a number: what is there is said first, then it is asked for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse

from api.app_state import AppStateDep, BackendsDep
from api.schemas.erasures import ErasureOut
from api.schemas.shared import UuidPath
from api.zip_files import zipped
from domain.errors import Invalid, NotFound, NumberInvalid
from domain.numbers.shortened import last_digits
from domain.searching.numbers import with_plus
from services.configuring import agents
from services.erasing import erasures, everything
from services.erasing.erasures import Held, WhoseNumber
from web.frame import AdminsFrame, Frame
from web.route import PageRoute, redirect
from web.words import Words, mark

PATH = "/admin/erasure"
SHOWN = 50
KINDS = Words(
    {
        "conversations": "Conversations",
        "messages": "Messages",
        "files": "Files",
        "received_texts": "Texts as they arrived",
        "batch_texts": "Texts of batches",
        "calls": "Calls",
        "consents": "Consents on record",
        "invitations": "Automated texts",
    }
)
STAGES = Words(
    {
        "closing": "Open conversations are being ended",
        "erasing": "Texts, files and records are being erased",
        "histories": "Histories of conversations are being deleted",
        "done": "Erased",
    }
)
WRONG_DIGITS = mark("These are not the last four digits of the number. Nothing was erased.")

router = APIRouter(prefix=PATH, route_class=PageRoute)

Number = Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$")]


@router.get("")
async def show_erasure(frame: AdminsFrame, number: Number = "", all: bool = False) -> HTMLResponse:
    """Ask for a number, show what is held about it, and the erasures so far."""
    held, problem = await _held(frame, number, with_merged=all)
    found = await erasures.listed(frame.caller, frame.session, None, SHOWN)
    people = await agents.listed(frame.caller, frame.session, retired=True)
    return frame.answer(
        "admin/erasure.html",
        number=number,
        with_merged=all,
        held=held,
        problem=problem,
        kinds=KINDS,
        stages=STAGES,
        asked=[ErasureOut.of(one) for one in found],
        names={one.agent.id: one.agent.name for one in people},
    )


@router.post("")
async def erase(
    request: Request,
    frame: AdminsFrame,
    backends: BackendsDep,
    consumer_id: Annotated[UUID, Form()],
    reason: Annotated[str, Form()],
    digits: Annotated[str, Form()],
    all: Annotated[bool, Form()] = False,
) -> Response:
    """Erase everything about a number whose last digits were typed."""
    whose = WhoseNumber(consumer_id, with_merged=all)
    held = await erasures.held(frame.caller, frame.session, whose)
    if digits.strip().casefold() != last_digits(held.consumer.number).casefold():
        raise Invalid(WRONG_DIGITS)
    asked = await erasures.ask(frame.caller, backends, whose, reason)
    return redirect(request, f"{PATH}/{asked.id}")


@router.get("/everything/{consumer_id}")
async def download(
    consumer_id: UuidPath, frame: AdminsFrame, app: AppStateDep, all: bool = False
) -> StreamingResponse:
    """Download everything about a number."""
    whose = WhoseNumber(consumer_id, with_merged=all)
    pieces = await everything.export(frame.caller, app.sessions, app.media, whose)
    return zipped(pieces, str(consumer_id))


@router.get("/{erasure_id}")
async def show_one(erasure_id: UuidPath, frame: AdminsFrame) -> HTMLResponse:
    """Show an erasure."""
    return await _shown(frame, erasure_id, "admin/erasure_one.html")


@router.get("/{erasure_id}/progress")
async def show_progress(erasure_id: UuidPath, frame: AdminsFrame) -> HTMLResponse:
    """Show how far an erasure is, for its page."""
    return await _shown(frame, erasure_id, "admin/erasure_progress.html")


async def _shown(frame: Frame, erasure_id: UUID, template: str) -> HTMLResponse:
    found = await erasures.find(frame.caller, frame.session, erasure_id)
    people = await agents.listed(frame.caller, frame.session, retired=True)
    return frame.answer(
        template,
        erasure=ErasureOut.of(found),
        kinds=KINDS,
        stages=STAGES,
        names={one.agent.id: one.agent.name for one in people},
    )


async def _held(frame: Frame, number: str, *, with_merged: bool) -> tuple[Held | None, str]:
    if not number.strip():
        return None, ""
    try:
        whose = WhoseNumber(number=with_plus(number), with_merged=with_merged)
        return await erasures.held(frame.caller, frame.session, whose), ""
    except (NotFound, NumberInvalid) as error:
        return None, error.detail
