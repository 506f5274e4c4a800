"""Logging in over HTTP: attempts are counted, and the browser gets its cookies."""

from datetime import timedelta

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.app_state import AppState
from api.caller import COOKIE
from api.clock import utc_now
from api.errors import CodesLocked
from api.schemas.people import AgentOut, LoggedIn, LogIn
from database.tables import Agent
from security.passwords import SESSION_PREFIX, digest, new_secret
from services import log_ins, second_factor
from services.log_ins import Where

KNOWN_BROWSER = "switchboard_browser"
YEAR = timedelta(days=365)
LONGEST_BROWSER = 300
"""Characters that are kept of what a browser says it is. Ours."""


async def begin_session(
    given: LogIn, request: Request, response: Response, app: AppState, session: AsyncSession
) -> LoggedIn:
    """Log a person in. Raises `WrongLogIn`, `SeveralAccounts`, `TooManyAttempts`."""
    host = request.client.host if request.client else None
    app.attempts.look_at_proxy(host, request.headers.get("X-Forwarded-For"))
    # Whoever waits here holds no connection: many wrong log-ins would leave none to anybody else.
    async with app.sessions() as looking:
        found = await log_ins.people_of(looking, given.email, given.account)
    only = found[0].id if len(found) == 1 else None
    attempt = app.attempts.attempt_of(host, given.email, request.cookies.get(KNOWN_BROWSER), only)
    async with app.attempts.counted(attempt):
        password = given.password.get_secret_value()
        right = await log_ins.check_password(app.passwords, found, password)
        agent = await log_ins.still(session, right)
        # Whoever knows the password still guesses few codes, from wherever they try.
        try:
            async with app.attempts.of_codes(agent.id):
                await second_factor.check(session, app.one_time_secrets, agent, given.code)
        except CodesLocked:
            if await app.attempts.is_first_lock(agent.id):
                await log_ins.note_lock(app.sessions, agent)
            raise
    if len(found) > 1:
        await app.attempts.count_guess(attempt)
    return await begin_for(agent, request, response, app, session)


async def begin_for(
    agent: Agent, request: Request, response: Response, app: AppState, session: AsyncSession
) -> LoggedIn:
    """Log in a person who has proved to be them."""
    where = Where(
        request.headers.get("User-Agent", "")[:LONGEST_BROWSER].replace("\0", ""),
        request.client.host if request.client else "",
    )
    lasts = timedelta(hours=app.settings.web.session_hours)
    token, expires_at = new_secret(SESSION_PREFIX), utc_now() + lasts
    begun = await log_ins.begin(session, agent, digest(token), expires_at, where)
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
