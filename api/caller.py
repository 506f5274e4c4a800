"""The caller of a request: a person with a log-in, or a program with a token."""

from typing import Annotated
from urllib.parse import urlsplit

import structlog
from fastapi import Depends, Header, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from api import cards, scopes
from api.app_state import AppState, AppStateDep
from api.errors import CrossSite
from api.scopes import SAFE_METHODS
from database.auditing.acting import ACTING, Acting
from domain.errors import NotAuthenticated
from domain.people.roles import Role
from domain.settings.auditing import Door
from security.passwords import TOKEN_PREFIX, digest
from services.caller import Caller, Proof
from services.proving import proven
from translations.reader import speak

COOKIE = "switchboard_session"

API = "/v1/"
"""Where requests are limited; pages are not, so that nobody is stopped at work."""

bearer = HTTPBearer(auto_error=False, description="A session's token, or an API token.")
cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="A log-in in a browser.")


async def get_caller(
    request: Request,
    app: AppStateDep,
    presented: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
    in_cookie: Annotated[str | None, Security(cookie)],
    x_agent: Annotated[str | None, Header(description="The agent for whom a program acts.")] = None,
) -> Caller:
    """Return the caller. Raises `NotAuthenticated`, `CrossSite`, `ScopeMissing`,
    `TooManyRequests`, and `Invalid` for the number of a card where these are masked.
    """
    caller = await identify(app, presented, in_cookie, x_agent)
    if request.url.path.startswith(API):
        request.state.standing = app.requests.count(caller.id)
    scopes.check(request, caller)
    if not presented:
        speak(caller.language)
        check_same_site(request, app)
    await cards.check(request, caller, app.sessions)
    ACTING.set(_acting(request, caller))
    return caller


def _acting(request: Request, caller: Caller) -> Acting:
    """Return who acts, for the audit log."""
    contexts = structlog.contextvars.get_contextvars()
    return Acting(
        id=caller.id,
        agent_id=caller.person.agent_id if caller.person else None,
        door=str(Door.api if request.url.path.startswith(API) else Door.page),
        address=request.client.host if request.client else "",
        request_id=str(contexts.get("request_id", "")),
    )


async def identify(
    app: AppState,
    presented: HTTPAuthorizationCredentials | None,
    in_cookie: str | None,
    x_agent: str | None,
) -> Caller:
    """Return the caller of a token or log-in. Raises `NotAuthenticated`.

    Holds no connection afterwards: streams and commands wait long.
    """
    secret = presented.credentials if presented else in_cookie
    if not secret:
        raise NotAuthenticated
    is_program = presented is not None and secret.startswith(TOKEN_PREFIX)
    caller = await proven(app.sessions, Proof(digest(secret), is_program, x_agent))
    if is_program:
        app.requests.use(caller.id)
    structlog.contextvars.bind_contextvars(account_id=caller.account_id, caller=caller.id)
    return caller


def check_same_site(request: Request, app: AppState, *also: str) -> None:
    """Refuse a change by cookie that another site may have caused. Raises `CrossSite`.

    Browsers set Sec-Fetch-Site themselves, whatever host name our page was opened by.
    """
    if request.method in SAFE_METHODS or request.headers.get("X-Switchboard") == "1":
        return
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return
    ours = {origin(app.settings.web.public_base_url), *also}
    if request.headers.get("Origin") not in ours:
        raise CrossSite


def origin(url: str) -> str:
    """Return scheme, host and port of an address, as browsers send them in Origin."""
    parsed = urlsplit(url)
    return f"{parsed.scheme}://{parsed.netloc}"


CallerDep = Annotated[Caller, Depends(get_caller)]


def get_manager(caller: CallerDep) -> Caller:
    caller.require(Role.manager)
    return caller


def get_admin(caller: CallerDep) -> Caller:
    caller.require(Role.admin)
    return caller


ManagerDep = Annotated[Caller, Depends(get_manager)]
AdminDep = Annotated[Caller, Depends(get_admin)]
