"""Logging in by an account's identity provider: there and back."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Cookie, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.app_state import AppStateDep, SessionDep
from api.log_in_sessions import begin_for, set_cookie
from api.schemas.shared import SlugPath
from database.tables import Agent
from services import single_sign_on
from services.single_sign_on import NotSignedOn
from web.rendering import PagesDep
from web.route import HOME, LOG_IN, PageRoute, redirect
from web.words import said

PATH = "/log-in/sso"
KEPT = "switchboard_sign_on"

router = APIRouter(prefix=PATH, route_class=PageRoute)

Word = Annotated[str, Query(max_length=4000)]


@router.get("")
async def choose(request: Request, account: Annotated[str, Query(max_length=63)] = "") -> Response:
    """Go on to the account whose id was given."""
    return redirect(request, f"{PATH}/{account}" if account.isascii() and account else LOG_IN)


@router.get("/back")
async def come_back(
    request: Request,
    app: AppStateDep,
    session: SessionDep,
    pages: PagesDep,
    state: Word = "",
    code: Word = "",
    kept: Annotated[str, Cookie(alias=KEPT)] = "",
) -> Response:
    """Log in whom the provider proves, and go to the workspace."""
    try:
        agent_id = await single_sign_on.finish(app.sign_on, app.passwords, kept, state, code)
    except NotSignedOn as error:
        return _refused(pages, error)
    response = redirect(request, HOME)
    await begin_for(await session.get_one(Agent, agent_id), request, response, app, session)
    response.delete_cookie(KEPT, path=PATH)
    return response


@router.get("/{account_id}")
async def go(account_id: SlugPath, app: AppStateDep, pages: PagesDep) -> Response:
    """Send the browser to the account's provider."""
    try:
        address, kept = await single_sign_on.begin(app.sign_on, account_id)
    except NotSignedOn as error:
        return _refused(pages, error)
    response = RedirectResponse(address, status_code=303)
    lasts = timedelta(seconds=single_sign_on.LASTS)
    set_cookie(response, app, KEPT, kept, lasts, path=PATH)
    return response


def _refused(pages: PagesDep, error: NotSignedOn) -> HTMLResponse:
    return pages.answer("log_in/not_signed_on.html", error.status, sentence=said(error.detail))
