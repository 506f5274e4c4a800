"""All conversations: found by filters that stand in the address, and read beside the list."""

from functools import partial
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import AppState, AppStateDep
from api.schemas.history import HistoryHit
from api.schemas.shared import UuidPath
from domain.errors import NotFound
from domain.ids import is_uuid
from domain.people.roles import Role
from services.history import views
from services.history.views import HistoryView
from web.frame import Frame, PeoplesFrame
from web.history import wording
from web.history.beside import Beside, load_beside, load_entries
from web.history.choices import chips, load_choices
from web.history.listing import (
    counted,
    has_no_words,
    has_too_many_words,
    load_listing,
    sortings,
)
from web.history.quick import quick_choices
from web.history.sought import PATH, PLACE, Sought
from web.page_context import PageContext
from web.route import PageRoute, redirect
from web.scores import Score, score
from web.transcripts.reading import Part

EventId = Annotated[int | None, Query(ge=0, le=2**63 - 1)]
Words = Annotated[str, Query(max_length=10_000)]

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_history(request: Request, frame: PeoplesFrame, app: AppStateDep) -> Response:
    """List conversations, and show the one that is opened."""
    sought = sought_in(request, frame.page)
    shared = await views.listed(frame.caller, frame.session)
    view = next((one for one in shared if str(one.view.id) == sought.get("view")), None)
    if view is not None and is_bare(sought):
        return redirect(request, address_of(view, frame.page))
    found = await load_listing(frame, sought)
    beside = await _opened(frame, app, sought.get("open"), sought.get("q"))
    answer = frame.answer(
        "history/page.html",
        **await _of_filters(frame, sought),
        found=found,
        beside=beside,
        opened=sought.get("open"),
        views=[(one, address_of(one, frame.page)) for one in shared],
        view=view,
        may_change=view is not None and (frame.own.supervises or not view.is_shared),
        sortings=sortings(sought),
    )
    if found.is_forbidden:
        answer.status_code = HTTPStatus.FORBIDDEN
    return answer


async def _of_filters(frame: Frame, sought: Sought) -> dict[str, Any]:
    known = await load_choices(frame)
    words = sought.get("q")
    return {
        "sought": sought,
        "rated": partial(_rated, frame.page),
        "known": known,
        "chips": chips(sought, known),
        "wording": wording,
        "directions": wording.DIRECTIONS,
        "quick": quick_choices(sought, frame.page.zone),
        "is_cut": has_too_many_words(words),
        "is_empty": has_no_words(words),
        "may_share": frame.caller.has(Role.manager),
    }


@router.get("/count")
async def show_count(request: Request, frame: PeoplesFrame) -> HTMLResponse:
    """Say how many conversations there are."""
    count = await counted(frame, sought_in(request, frame.page))
    return frame.answer("history/count.html", count=count)


@router.get("/{conversation_id}/beside")
async def show_beside(
    request: Request, conversation_id: UuidPath, frame: PeoplesFrame, app: AppStateDep
) -> HTMLResponse:
    """Show a conversation beside the list."""
    sought = sought_in(request, frame.page)
    beside = await load_beside(frame, app, conversation_id, sought.get("q"))
    return frame.answer("history/beside.html", beside=beside, sought=sought, wording=wording)


@router.get("/{conversation_id}/entries")
async def show_entries(
    conversation_id: UuidPath,
    frame: PeoplesFrame,
    before: EventId = None,
    after: EventId = None,
    q: Words = "",
) -> HTMLResponse:
    """Show more of a transcript: before or after an event."""
    part = Part(before=before, after=after)
    found = await load_entries(frame, conversation_id, part, q)
    return frame.answer(
        "history/entries.html",
        reading=found,
        id=conversation_id,
        q=q,
        is_before=before is not None,
        is_after=after is not None,
    )


def sought_in(request: Request, page: PageContext) -> Sought:
    """Return what an address asks for."""
    return Sought.of(request.query_params.multi_items(), page.zone)


def is_bare(sought: Sought) -> bool:
    """Say whether an address names a view and nothing else."""
    return {name for name, _value in sought.params} <= {"view"} | PLACE - {"cursor", "back"}


def address_of(view: HistoryView, page: PageContext) -> str:
    """Return the address of what a view shows."""
    kept = Sought.kept(view.filters, view.columns, page.zone)
    return kept.address(view=str(view.view.id))


def _rated(page: PageContext, hit: HistoryHit) -> Score | None:
    """Return the rating of a conversation that was found."""
    if hit.survey_score is None:
        return None
    return score(hit.survey_score, hit.survey_scale, page.names.scales)


async def _opened(frame: Frame, app: AppState, conversation_id: str, words: str) -> Beside | None:
    if not is_uuid(conversation_id):
        return None
    try:
        return await load_beside(frame, app, UUID(conversation_id), words)
    except NotFound:
        return None
