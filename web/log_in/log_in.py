"""Logging in and out in a browser: the JSON API's log-in, with pages around it."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import SecretStr

from api.app_state import AppStateDep, SessionDep
from api.caller import COOKIE, CallerDep, check_same_site
from api.errors import TooManyAttempts
from api.log_in_sessions import begin_session
from api.schemas.people import LogIn
from domain.people.passwords import LONGEST
from domain.people.roles import Role
from services import log_ins
from services.errors import CodeNeeded, SeveralAccounts, WrongCode, WrongLogIn
from services.looking import first_steps
from web.rendering import PagesDep
from web.route import HOME, LOG_IN, PageRoute, is_part, page_of_ours, redirect
from web.words import _, said

BEGIN = "/"
FIRST_STEPS = "/admin"

router = APIRouter(route_class=PageRoute)

Next = Annotated[str, Query(max_length=2000, alias="next")]


@router.get(BEGIN)
async def begin(request: Request, caller: CallerDep, session: SessionDep) -> Response:
    """Go to the workspace; an admin whose brand gets no texts yet goes to its first steps."""
    is_new = caller.has(Role.admin) and not (await first_steps.done(caller, session)).can_work
    return redirect(request, FIRST_STEPS if is_new else HOME)


@router.get("/log-in")
async def show_log_in(pages: PagesDep, next_page: Next = HOME, out: bool = False) -> HTMLResponse:
    """Ask for an e-mail address and a password."""
    return pages.answer(
        "log_in/page.html",
        wanted=page_of_ours(next_page),
        out=out,
        email="",
        refused=None,
        asks_code=False,
        accounts=(),
    )


@router.post("/log-in")
async def log_in(
    request: Request,
    app: AppStateDep,
    session: SessionDep,
    pages: PagesDep,
    email: Annotated[str, Form(max_length=254)],
    password: Annotated[SecretStr, Form(max_length=LONGEST)],
    wanted: Annotated[str, Form(max_length=2000)] = HOME,
    account: Annotated[str, Form(max_length=63)] = "",
    code: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Log in and go to the page that was asked for."""
    check_same_site(request, app)
    response = redirect(request, page_of_ours(wanted))
    given = LogIn(email=email, password=password, account=account or None, code=code or None)
    asks_code = False
    try:
        begun = await begin_session(given, request, response, app, session)
    except SeveralAccounts as error:
        refused, accounts, status = _("Choose one of your accounts."), error.accounts, error.status
    except (CodeNeeded, WrongLogIn, TooManyAttempts) as error:
        asks_code = isinstance(error, CodeNeeded | WrongCode)
        refused, accounts, status = said(error.detail), (), error.status
    else:
        if begun.agent.role is Role.admin and page_of_ours(wanted) == HOME:
            _lead(response, to=BEGIN)
        return response
    # The page's own script gets only what changes.
    template = "log_in/refused.html" if is_part(request) else "log_in/page.html"
    return pages.answer(
        template,
        status,
        out=False,
        accounts=accounts,
        asks_code=asks_code,
        wanted=page_of_ours(wanted),
        email=email,
        refused=refused,
    )


def _lead(response: Response, *, to: str) -> None:
    """Let an answer that sends the browser elsewhere send it to another page."""
    for header in ("HX-Redirect", "Location"):
        if header in response.headers:
            response.headers[header] = to


@router.post("/log-out")
async def log_out(request: Request, caller: CallerDep, session: SessionDep) -> Response:
    """End this log-in."""
    await log_ins.log_out(caller, session)
    response = redirect(request, f"{LOG_IN}?out=true")
    response.delete_cookie(COOKIE)
    return response
