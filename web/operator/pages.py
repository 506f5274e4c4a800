"""The status page of operators, and what its buttons do."""

from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import AppState, AppStateDep, BackendsDep
from api.caller import check_same_site
from services.backends import Backends
from services.operating import freeing
from services.operating.freeing import Asked
from services.operating.operator import Operator
from services.operating.status import Status
from services.operating.stuck import SHOWN
from services.operating.troubles import IRREVOCABLE, Remedy, Trouble
from web.operator import door, sentences
from web.operator.door import PATH, OperatorDep, Token, VisitorDep
from web.rendering import Pages, PagesDep
from web.route import PageRoute, redirect

ZONE = "UTC"
"""Of times, until the browser has told its own."""
LONGEST = 300
"""Characters of a workflow's id. Ours."""

router = APIRouter(prefix=PATH, route_class=PageRoute)

Subject = Annotated[str, Query(max_length=LONGEST)]


@router.get("")
async def show_status(
    app: AppStateDep, pages: PagesDep, visitor: VisitorDep, done: str = ""
) -> HTMLResponse:
    """Show the status to operators, and ask everybody else for a token."""
    if visitor is None:
        return door.ask(pages)
    status = await app.looking.look(visitor, app.backends)
    return _answer(app, pages, "operator/page.html", visitor, status, done=done)


@router.get("/now")
async def show_now(
    request: Request, app: AppStateDep, pages: PagesDep, visitor: VisitorDep
) -> Response:
    """Show what changes again, for the page that asks every few seconds."""
    if visitor is None:
        return redirect(request, PATH)
    status = await app.looking.look(visitor, app.backends)
    return _answer(app, pages, "operator/now.html", visitor, status)


@router.post("")
async def log_in(request: Request, app: AppStateDep, token: Token) -> Response:
    """Keep an operator's token in this browser."""
    check_same_site(request, app)
    return await door.remember(request, app, token)


@router.post("/forget")
async def log_out(request: Request, app: AppStateDep) -> Response:
    """Remove the token from this browser."""
    check_same_site(request, app)
    return door.forget(request)


@router.get("/end")
async def ask_before_ending(
    operator: OperatorDep, backends: BackendsDep, pages: PagesDep, subject: Subject
) -> HTMLResponse:
    """Say what ending a conversation does, and ask whether to do it."""
    place = await freeing.place_of(operator, backends, subject)
    return pages.answer("operator/end.html", operator=operator, subject=subject, place=place)


@router.post("/free")
async def free(
    request: Request,
    operator: OperatorDep,
    app: AppStateDep,
    remedy: Annotated[Remedy, Form()],
    subject: Annotated[str, Form(max_length=LONGEST)],
    is_sure: Annotated[bool, Form()] = False,
) -> Response:
    """Do what a button says. What cannot be undone is asked for again before."""
    if remedy in IRREVOCABLE and not is_sure:
        return redirect(request, f"{PATH}/end?subject={quote(subject, safe='')}")
    backends: Backends = app.backends
    host = request.client.host if request.client else ""
    outcome = await freeing.free(operator, backends, Asked(remedy, subject, host))
    app.looking.forget()
    return redirect(request, f"{PATH}?done={remedy}-{outcome}")


def _answer(
    app: AppState,
    pages: Pages,
    template: str,
    operator: Operator,
    status: Status,
    *,
    done: str = "",
) -> HTMLResponse:
    client, ui = app.conversations.client, app.settings.temporal.temporal_ui_url.rstrip("/")
    workflows = f"{ui}/namespaces/{client.namespace}/workflows/"
    remedy, _, outcome = done.partition("-")
    is_known = remedy in sentences.DONE and outcome in sentences.OUTCOMES

    def ago(at: datetime) -> int:
        return max(0, round((status.at - at).total_seconds()))

    return pages.answer(
        template,
        operator=operator,
        report=status,
        zone=ZONE,
        words=sentences.IN_PAGES,
        kinds=[one for one in Trouble if status.findings.counts[one]],
        shown=SHOWN,
        irrevocable=IRREVOCABLE,
        ago=ago,
        ui=ui,
        workflow_link=lambda workflow_id: workflows + quote(workflow_id, safe=""),
        did=(remedy, outcome) if is_known else None,
    )
