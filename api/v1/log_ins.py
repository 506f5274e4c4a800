"""Logging in and out, and who one is."""

from collections.abc import Sequence
from datetime import timedelta

from fastapi import APIRouter, Request, Response

from api.app_state import AppState, AppStateDep, SessionDep
from api.caller import COOKIE, CallerDep
from api.clock import utc_now
from api.errors import SeveralAccounts, TooManyAttempts, WrongLogIn
from api.problems import documented
from api.schemas.people import AgentOut, LoggedIn, LogIn, Me, PasswordChange
from database.queries import account_rows, agent_states, agents, sessions
from database.tables import Agent, Session
from domain.errors import NotAllowed
from domain.people.passwords import check_password as check_password_fit
from security.passwords import SESSION_PREFIX, digest, new_secret

KNOWN_BROWSER = "switchboard_browser"
YEAR = timedelta(days=365)
LEAST_CHECKS = 2
"""Passwords checked at each attempt: one account must not learn of another by the time it takes."""

router = APIRouter(tags=["log-in"])


@router.post(
    "/sessions", status_code=201, responses=documented(WrongLogIn, SeveralAccounts, TooManyAttempts)
)
async def log_in(
    log_in: LogIn, request: Request, response: Response, parts: AppStateDep, session: SessionDep
) -> LoggedIn:
    """Log a person in; the answer also sets the cookie browsers use."""
    host = request.client.host if request.client else None
    parts.attempts.look_at_proxy(host, request.headers.get("X-Forwarded-For"))
    found = await people_of(session, log_in)
    only = found[0].id if len(found) == 1 else None
    tried = parts.attempts.tried(host, log_in.email, request.cookies.get(KNOWN_BROWSER), only)
    async with parts.attempts.counted(tried):
        agent = await check_password(parts, found, log_in)
    if len(found) > 1:
        parts.attempts.count_guess(tried)
    token, expires_at = new_secret(SESSION_PREFIX), utc_now() + lifetime(parts)
    session.add(Session(token_hash=digest(token), agent_id=agent.id, expires_at=expires_at))
    set_cookie(response, parts, COOKIE, token, lifetime(parts))
    set_cookie(response, parts, KNOWN_BROWSER, parts.attempts.new_mark(agent.id), YEAR)
    shown = (await agents.working(session, [agent]))[0]
    return LoggedIn(token=token, expires_at=expires_at, agent=AgentOut.of(shown))


async def people_of(session: SessionDep, log_in: LogIn) -> Sequence[Agent]:
    """Return who has this address, in the account that is named or in any."""
    known = "\0" not in log_in.email
    return await agents.by_email(session, log_in.email, log_in.account) if known else []


async def check_password(parts: AppState, found: Sequence[Agent], log_in: LogIn) -> Agent:
    """Return who of those found has this password.

    Raises `WrongLogIn`, after the same time for an address that nobody, somebody here or somebody
    of another account has; `SeveralAccounts` when both are right in more than one.
    """
    nobodys = [None] * (LEAST_CHECKS - len(found))
    password, right = log_in.password.get_secret_value(), []
    for agent in [*found, *nobodys]:
        checked = await parts.passwords.check(password, agent.password_hash if agent else None)
        if agent is None or not checked.is_right:
            continue
        if checked.new_hash:
            agent.password_hash = checked.new_hash
        right.append(agent)
    if not right:
        raise WrongLogIn
    if len(right) > 1:
        raise SeveralAccounts([agent.account_id for agent in right])
    return right[0]


def lifetime(parts: AppState) -> timedelta:
    return timedelta(hours=parts.settings.web.session_hours)


def set_cookie(
    response: Response, parts: AppState, name: str, value: str, lasts: timedelta, path: str = "/"
) -> None:
    """Give a browser a secret: out of reach of scripts and of other sites' forms."""
    response.set_cookie(
        name,
        value,
        path=path,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=parts.settings.web.is_public_https,
    )


@router.delete("/sessions/current", status_code=204)
async def log_out(caller: CallerDep, session: SessionDep, response: Response) -> None:
    """End the log-in this request was made with; with their last one an agent is offline.

    A program has none to end.
    """
    response.delete_cookie(COOKIE)
    if caller.session_hash is None or caller.person is None:
        return
    await sessions.log_out(session, caller.session_hash)
    await agent_states.log_out(session, caller.person.agent_id, utc_now())


@router.get("/me")
async def me(caller: CallerDep, session: SessionDep) -> Me:
    """Say who calls and what they may do."""
    shown = None
    if caller.person:
        agent = await account_rows.find(session, Agent, caller.account_id, caller.person.agent_id)
        shown = AgentOut.of((await agents.working(session, [agent]))[0])
    return Me(account_id=caller.account_id, role=caller.role, agent=shown)


@router.put(
    "/me/password",
    status_code=204,
    responses=documented(WrongLogIn, NotAllowed, TooManyAttempts),
)
async def change_own_password(
    change: PasswordChange, caller: CallerDep, parts: AppStateDep, session: SessionDep
) -> None:
    """Change one's own password; all other log-ins of oneself end."""
    if caller.person is None or caller.session_hash is None:
        raise NotAllowed("Only people have passwords.")
    agent = await account_rows.find_active(
        session, Agent, caller.account_id, caller.person.agent_id
    )
    async with parts.attempts.of_one(agent.id):
        current = change.current.get_secret_value()
        checked = await parts.passwords.check(current, agent.password_hash)
        if not checked.is_right:
            raise WrongLogIn("The current password is wrong.")
    new = change.new.get_secret_value()
    check_password_fit(new, agent.email, agent.name)
    agent.password_hash = await parts.passwords.hash(new)
    await sessions.log_out_everywhere(session, agent.id, but=caller.session_hash)
