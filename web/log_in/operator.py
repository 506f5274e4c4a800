"""The page where an operator's browser gets the right to read all accounts' payloads."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import SecretStr

from api.app_state import AppStateDep
from api.caller import check_same_site
from api.codec import OPERATOR_COOKIE, PREFIX, is_operator
from api.errors import WrongOperatorToken
from api.log_in_sessions import set_cookie
from web.rendering import PagesDep
from web.route import PageRoute, redirect

PATH = "/operator"
LASTS = timedelta(hours=12)

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_operator(pages: PagesDep, saved: bool = False) -> HTMLResponse:
    """Ask for an operator's token."""
    return pages.answer("log_in/operator.html", saved=saved)


@router.post("")
async def remember(
    request: Request, app: AppStateDep, token: Annotated[SecretStr, Form(max_length=200)]
) -> Response:
    """Keep the token in this browser, for the codec endpoint only."""
    check_same_site(request, app)
    secret = token.get_secret_value().strip()
    if not await is_operator(app, secret):
        raise WrongOperatorToken
    response = redirect(request, f"{PATH}?saved=true")
    set_cookie(response, app, OPERATOR_COOKIE, secret, LASTS, path=PREFIX)
    return response


@router.post("/forget")
async def forget(request: Request, app: AppStateDep) -> Response:
    """Remove the token from this browser."""
    check_same_site(request, app)
    response = redirect(request, PATH)
    response.delete_cookie(OPERATOR_COOKIE, path=PREFIX)
    return response
