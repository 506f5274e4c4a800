"""Logging in over HTTP: attempts are counted, and the browser gets its cookies."""

from datetime import timedelta

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.app_state import AppState
from api.caller import COOKIE
from api.clock import utc_now
from api.schemas.people import AgentOut, LoggedIn, LogIn
from database.tables import Agent
from security.passwords import SESSION_PREFIX, digest, new_secret
from services import log_ins

KNOWN_BROWSER = "switchboard_browser"
YEAR = timedelta(days=365)


async def begin_session(
    given: LogIn, request: Request, response: Response, app: AppState, session: AsyncSession
) -> LoggedIn:
    """Log a person in. Raises `WrongLogIn`, `SeveralAccounts`, `TooManyAttempts`."""
    host = request.client.host if request.client else None
    app.attempts.look_at_proxy(host, request.headers.get("X-Forwarded-For"))
    found = await log_ins.people_of(session, given.email, given.account)
    only = found[0].id if len(found) == 1 else None
    attempt = app.attempts.attempt_of(host, given.email, request.cookies.get(KNOWN_BROWSER), only)
    async with app.attempts.counted(attempt):
        password = given.password.get_secret_value()
        agent = await log_ins.check_password(app.passwords, found, password)
    if len(found) > 1:
        app.attempts.count_guess(attempt)
    return await begin_for(agent, response, app, session)


async def begin_for(
    agent: Agent, response: Response, app: AppState, session: AsyncSession
) -> LoggedIn:
    """Log in a person who has proved to be them."""
    lasts = timedelta(hours=app.settings.web.session_hours)
    token, expires_at = new_secret(SESSION_PREFIX), utc_now() + lasts
    begun = await log_ins.begin(session, agent, digest(token), expires_at)
    set_cookie(response, app, COOKIE, token, lasts)
    set_cookie(response, app, KNOWN_BROWSER, app.attempts.new_mark(agent.id), YEAR)
    return LoggedIn(token=token, expires_at=expires_at, agent=AgentOut.of(begun))


def set_cookie(
    response: Response, app: AppState, name: str, value: str, lasts: timedelta, path: str = "/"
) -> None:
    """Set a secret cookie, out of reach of scripts and of other sites' forms."""
    response.set_cookie(
        name,
        value,
        path=path,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=app.settings.web.is_public_https,
    )
