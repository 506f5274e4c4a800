"""Who the operator is: by a token that their browser keeps, or that a program shows."""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Form, Request, Response, Security
from fastapi.responses import HTMLResponse
from fastapi.security import HTTPAuthorizationCredentials
from pydantic import SecretStr

from api.app_state import AppState, AppStateDep
from api.caller import bearer, check_same_site
from api.codec import OPERATOR_COOKIE, PREFIX
from api.errors import WrongOperatorToken
from api.log_in_sessions import set_cookie
from domain.errors import NotAuthenticated, NotFound
from services.operating.operator import Operator, proven
from web.rendering import Pages
from web.route import redirect

PATH = "/operator"
LASTS = timedelta(hours=12)
COUNTED_AS = "operator"
"""What wrong tokens are counted for, where log-ins are counted for an e-mail address."""

Token = Annotated[SecretStr, Form(max_length=200)]


async def get_visitor(request: Request, app: AppStateDep) -> Operator | None:
    """Return the operator whose browser this is, None for anybody else."""
    token = request.cookies.get(OPERATOR_COOKIE)
    try:
        return await proven(app.sessions, token) if token else None
    except NotAuthenticated:
        return None


VisitorDep = Annotated[Operator | None, Depends(get_visitor)]


def get_operator(request: Request, app: AppStateDep, visitor: VisitorDep) -> Operator:
    """Return the operator. For anybody else there is nothing here: raises `NotFound`."""
    if visitor is None:
        raise NotFound("There is nothing at this address.")
    check_same_site(request, app)
    return visitor


OperatorDep = Annotated[Operator, Depends(get_operator)]


async def get_program(
    app: AppStateDep,
    visitor: VisitorDep,
    presented: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
) -> Operator:
    """Return the operator whose token a program shows, or whose browser it is.

    Raises `NotAuthenticated`.
    """
    if presented:
        return await proven(app.sessions, presented.credentials)
    if visitor is None:
        raise NotAuthenticated
    return visitor


ProgramDep = Annotated[Operator, Depends(get_program)]


def ask(pages: Pages) -> HTMLResponse:
    """Ask for an operator's token."""
    return pages.answer("operator/log_in.html")


async def remember(request: Request, app: AppState, token: SecretStr) -> Response:
    """Keep a token in this browser. Raises `WrongOperatorToken`, `TooManyAttempts`."""
    host = request.client.host if request.client else None
    attempt = app.attempts.attempt_of(host, COUNTED_AS, None)
    secret = token.get_secret_value().strip()
    async with app.attempts.counted(attempt):
        try:
            await proven(app.sessions, secret)
        except NotAuthenticated:
            raise WrongOperatorToken from None
    response = redirect(request, PATH)
    for path in (PATH, PREFIX):
        set_cookie(response, app, OPERATOR_COOKIE, secret, LASTS, path=path)
    return response


def forget(request: Request) -> Response:
    """Remove the token from this browser."""
    response = redirect(request, PATH)
    for path in (PATH, PREFIX):
        response.delete_cookie(OPERATOR_COOKIE, path=path)
    return response
